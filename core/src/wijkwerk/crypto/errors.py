"""What can be wrong with a sealed value or its key. Neither message ever holds the value, the key or whose it is."""

from __future__ import annotations

from wijkwerk.errors import WijkwerkError


class Vervalst(WijkwerkError):
    """A sealed value or wrapped key was changed, cut off, or moved to another row. Never shown, not even in part."""

    code = "GEGEVENS_VERVALST"
    standaard = "Deze gegevens zijn beschadigd of veranderd. Daarom tonen we ze niet. Meld dit direct bij functioneel beheer."


class SleutelOntbreekt(WijkwerkError):
    """A key that is needed here does not exist (any more), and can't be made here."""

    code = "SLEUTEL_ONTBREEKT"
    standaard = "De sleutel voor deze gegevens ontbreekt. Er is niets opgeslagen of getoond. Meld dit bij functioneel beheer."
