"""Searching in notes (docs/toegang/notities-zoeken.md)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from wijkwerk.log.entry import Gebeurtenis
from wijkwerk.notities.notitie import Notitie
from wijkwerk.notities.zoeken import Plaats, zoek_in_notities
from wijkwerk_graphql.schema.cursor import Zegel
from wijkwerk_graphql.schema.fields import Query, extend, field, page_size
from wijkwerk_graphql.schema.lezing import Lezing
from wijkwerk_graphql.schema.outcomes import uitkomst

STANDAARD, MEESTE = 20, 50


@uitkomst(requires=Notitie.lezen)
class GevondenNotities:
    """Notities waarin alle woorden staan, de nieuwste eerst. Ook als er niets is gevonden, kan er meer te bekijken zijn."""

    notities: Annotated[list[Notitie], "De notities waarin alle woorden staan"]
    bekeken: Annotated[int, "Hoeveel notities hiervoor zijn bekeken; elke notitie die daarvoor openging, staat in het inzagelog"]
    niet_alles_bekeken: Annotated[bool, "Of er nog notities zijn die niet zijn bekeken. Zoek dan verder met `volgende`"]
    volgende: Annotated[str | None, "Geef dit mee als `after` om verder te zoeken; leeg als alles is bekeken"]


@extend(Query)
class Notitiezoekvragen:
    """Finding a note by what stands in it."""

    @field(
        requires=Notitie.lezen,
        uitleg="Zoek in notities die u mag lezen. Hoofdletters en accenten maken niet uit. Het begin van een woord is genoeg",
        gebeurtenis=Gebeurtenis.ZOEKEN,
    )
    @staticmethod
    def zoek_in_notities(
        lezer: Lezing,
        tekst: Annotated[str, "De woorden. Ze moeten er allemaal in staan"],
        dossier: Annotated[UUID | None, "Alleen in dit dossier"] = None,
        first: Annotated[int, f"Hoeveel notities u hoogstens wilt vinden, van 1 tot en met {MEESTE}"] = STANDAARD,
        after: Annotated[str | None, "De waarde van `volgende` in het vorige antwoord"] = None,
    ) -> GevondenNotities:
        """The notes that were found are read again with what the document asks of them, in one statement."""
        zegel = Zegel.of(lezer.reader, GevondenNotities.__name__, ("-geschreven",))
        na = None if after is None else Plaats(*zegel.open(after))
        found = zoek_in_notities(lezer.reader, tekst, dossier=dossier, first=page_size(first, MEESTE), na=na)
        rows = [row for row in lezer.bij_id(Notitie, found.notities) if row is not None]
        volgende = None if found.verder is None else zegel.seal(found.verder)
        return GevondenNotities(notities=rows, bekeken=found.bekeken, niet_alles_bekeken=volgende is not None, volgende=volgende)


PARTS = (Notitiezoekvragen,)
