"""Which files there are with a note. The files themselves go over HTTP, beside GraphQL (http/bijlagen.py)."""

from __future__ import annotations

from wijkwerk.notities.bijlage import Bijlage
from wijkwerk.notities.notitie import Notitie
from wijkwerk_graphql.schema.fields import extend, related


@extend(Notitie)
class Notitiebijlagen:
    """The files of a note."""

    bijlagen = related(
        Bijlage, by="notitie_id", uitleg="De bestanden bij deze notitie, in de volgorde waarin ze kwamen. Haal er een op met "
        "GET /bijlagen/<id>, en zet er een bij met POST /bijlagen/<id van de notitie>", order=("geschreven",),
    )  # fmt: skip


PARTS = (Notitiebijlagen,)
