"""What goes wrong with a letter; the message never repeats what stands in it."""

from __future__ import annotations

from wijkwerk.errors import OngeldigeInvoer, WijkwerkError


class BriefNietMogelijk(WijkwerkError):
    """This installation can't make the form that was asked for: the extra `brieven`, or a library of the machine, is not there."""

    code = "BRIEF_NIET_MOGELIJK"
    standaard = (
        "Deze installatie kan geen PDF of werkblad maken. Vraag de brief als HTML. Functioneel beheer kan dit oplossen: installeer "
        "wijkwerk[brieven], en de pakketten libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0 en fonts-dejavu-core."
    )


class BriefTeLang(OngeldigeInvoer):
    """More than fits in a letter that somebody reads."""

    code = "BRIEF_TE_LANG"
    standaard = "Dit past niet in een brief. Kies een kortere periode."
