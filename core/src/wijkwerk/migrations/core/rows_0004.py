"""What the fourth revision of the core does with rows that are there already, up and down. History: not to be changed."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from wijkwerk.storage import columns

_NIET_BEWAARD = "De tekst die de inwoner zag, is niet in dit systeem bewaard. Alleen hoe de tekst heette, is bekend."
_TAAL_ONBEKEND, _LEESNIVEAU_ONBEKEND = "und", "onbekend"
"""ISO 639 has a code for a language that is not known. Nobody asks a consent with such a text again."""
_NIEUWE_BRONNEN = ("VERWIJZING", "GROEP", "EIGEN", "VERTEGENWOORDIGING", "NOODTOEGANG")


def _tabel(naam: str, *uuids: str, **anders: Any) -> Any:
    kolommen = [sa.column(kolom, columns.Uuid16()) for kolom in ("id", "gemeente_id", *uuids)]
    return sa.table(naam, *kolommen, *(sa.column(kolom, soort) for kolom, soort in anders.items()))


_S, _I, _D, _M = sa.String(), sa.Integer(), sa.Date(), columns.Tijdstip()
_TOESTEMMING = _tabel(
    "toestemming", "persoon_id", "dossier_id", "verantwoordelijke_id", "ontvanger_id", "tekst_id", doel=_S, tekst_versie=_S, richting=_S,
    status=_S, gegeven_op=_M, gevraagd_op=_M,
)  # fmt: skip
_TEKST = _tabel(
    "toestemmingstekst", "verantwoordelijke_id", versie=_I, doel=_S, aanduiding=_S, taal=_S, leesniveau=_S, tekst=_S, van=_D, tot=_D,
    openbaar=sa.Boolean(),
)  # fmt: skip
_ONTVANGER = _tabel(
    "toestemmingsontvanger", "persoon_id", "dossier_id", "toestemming_id", "organisatie_id", "verantwoordelijke_id", versie=_I
)
_GEVER = _tabel("toestemminggever", "persoon_id", "dossier_id", "toestemming_id", "verantwoordelijke_id", versie=_I, hoedanigheid=_S, op=_M)
_DEUR = _tabel(
    "betrokkenheid", "persoon_id", "partij_id", "kader_id", "bron_id", "toestemming_id", "verantwoordelijke_id", partijsoort=_S, rol=_S,
    doel=_S, categorie_code=_S, niveau_tot=_I, bron=_S, van=_M, tot=_M,
)  # fmt: skip
_KOPPELING = _tabel(
    "koppeling", "persoon_id", "dossier_id", "organisatie_id", "partij_id", "verantwoordelijke_id", versie=_I, partijsoort=_S, doel=_S,
    categorieen=sa.JSON(), niveau_tot=_I, van=_M, tot=_M,
)  # fmt: skip
_DOSSIER, _ORGANISATIE = _tabel("dossier", "verantwoordelijke_id"), _tabel("organisatie")


def consents_get_a_text_a_recipient_and_a_giver() -> None:
    """Who gave it was not asked: the resident. A text was known by its name alone: that is what its row says."""
    t, connection = _TOESTEMMING.c, op.get_bind()
    rows = connection.execute(sa.select(_TOESTEMMING).order_by(t.gegeven_op, t.id)).all()
    teksten: dict[tuple[UUID, str, str], dict[str, Any]] = {}
    for row in rows:
        tekst = teksten.setdefault((row.gemeente_id, row.doel, row.tekst_versie), _tekst(row))
        tekst["tot"] = row.gegeven_op.date()
    _voeg_in(_TEKST, list(teksten.values()))
    for (gemeente, doel, versie), tekst in teksten.items():
        same = (t.gemeente_id == gemeente) & (t.doel == doel) & (t.tekst_versie == versie)
        connection.execute(sa.update(_TOESTEMMING).where(same).values(tekst_id=tekst["id"]))
    connection.execute(sa.update(_TOESTEMMING).values(richting="VERSTREKKEN", gevraagd_op=t.gegeven_op))
    _voeg_in(_ONTVANGER, [_van(row) | {"organisatie_id": row.ontvanger_id} for row in rows])
    _voeg_in(_GEVER, [_van(row) | {"hoedanigheid": "BETROKKENE", "op": row.gegeven_op} for row in rows])
    b, made = _DEUR.c, sa.select(t.id).where(t.id == _DEUR.c.bron_id, t.gemeente_id == _DEUR.c.gemeente_id)
    connection.execute(sa.update(_DEUR).where(b.bron == "TOESTEMMING", sa.exists(made)).values(toestemming_id=b.bron_id))


def couplings_get_a_row() -> None:
    """A coupling was known by its betrokkenheid alone, and could be of several residents: now each has one of its own. Who made it was not
    kept. The first resident's keeps the number.
    """
    b, d, o = _DEUR.c, _DOSSIER.c, _ORGANISATIE.c
    found = (
        sa.select(_DEUR, d.verantwoordelijke_id.label("eigenaar"))
        .join(_DOSSIER, (d.id == b.kader_id) & (d.gemeente_id == b.gemeente_id))
        .join(_ORGANISATIE, (o.id == b.partij_id) & (o.gemeente_id == b.gemeente_id))
        .where(b.bron == "KOPPELING")
        .order_by(b.gemeente_id, b.bron_id, b.persoon_id, b.id)
    )
    groepen: dict[tuple[UUID, UUID], dict[UUID, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in op.get_bind().execute(found):
        groepen[row.gemeente_id, row.bron_id][row.persoon_id].append(row)
    made = []
    for (gemeente, bron), per_persoon in groepen.items():
        for at, (persoon, rows) in enumerate(per_persoon.items()):
            id = bron if at == 0 else columns.nieuw_id()
            made.append(_koppeling(id, rows))
            if at > 0:
                mine = (b.gemeente_id == gemeente) & (b.bron_id == bron) & (b.persoon_id == persoon)
                op.get_bind().execute(sa.update(_DEUR).where(mine).values(bron_id=id))
    _voeg_in(_KOPPELING, made)


def consents_get_one_recipient_and_the_name_of_a_text() -> None:
    """The third revision knows one recipient, and no consent that nobody gave: those go, and recipients beside the first."""
    t, o, x, connection = _TOESTEMMING.c, _ONTVANGER.c, _TEKST.c, op.get_bind()
    first = sa.select(o.organisatie_id).where(o.toestemming_id == t.id, o.gemeente_id == t.gemeente_id).order_by(o.id).limit(1)
    tekst = sa.select(x.aanduiding).where(x.id == t.tekst_id, x.gemeente_id == t.gemeente_id)
    for table in (_ONTVANGER, _GEVER):
        nooit = sa.select(t.id).where(t.id == table.c.toestemming_id, t.gemeente_id == table.c.gemeente_id, t.gegeven_op.is_(None))
        connection.execute(sa.delete(table).where(sa.exists(nooit)))
    connection.execute(sa.text("UPDATE verwijzing SET toestemming_id = NULL"))
    connection.execute(sa.delete(_TOESTEMMING).where(t.gegeven_op.is_(None)))
    connection.execute(sa.update(_TOESTEMMING).where(t.status == "VERLOPEN").values(status="GEGEVEN"))
    connection.execute(sa.update(_TOESTEMMING).values(ontvanger_id=first.scalar_subquery(), tekst_versie=tekst.scalar_subquery()))


def doors_that_the_third_revision_would_open_wider_go() -> None:
    """It knows no door for a role, so such a door would be for everybody; and not what made these."""
    op.get_bind().execute(sa.delete(_DEUR).where(sa.or_(_DEUR.c.rol.is_not(None), _DEUR.c.bron.in_(_NIEUWE_BRONNEN))))


def _tekst(row: Any) -> dict[str, Any]:
    return {
        "id": columns.nieuw_id(), "gemeente_id": row.gemeente_id, "versie": 1, "doel": row.doel, "aanduiding": row.tekst_versie,
        "taal": _TAAL_ONBEKEND, "leesniveau": _LEESNIVEAU_ONBEKEND, "tekst": _NIET_BEWAARD, "van": row.gegeven_op.date(), "tot": None,
        "openbaar": True, "verantwoordelijke_id": row.verantwoordelijke_id,
    }  # fmt: skip


def _van(row: Any) -> dict[str, Any]:
    return {
        "id": columns.nieuw_id(), "gemeente_id": row.gemeente_id, "versie": 1, "persoon_id": row.persoon_id, "dossier_id": row.dossier_id,
        "toestemming_id": row.id, "verantwoordelijke_id": row.verantwoordelijke_id,
    }  # fmt: skip


def _koppeling(id: UUID, rows: list[Any]) -> dict[str, Any]:
    first, einden = rows[0], [row.tot for row in rows]
    return {
        "id": id, "gemeente_id": first.gemeente_id, "versie": 1, "persoon_id": first.persoon_id, "dossier_id": first.kader_id,
        "organisatie_id": first.partij_id, "partij_id": first.partij_id, "partijsoort": first.partijsoort, "doel": first.doel,
        "categorieen": sorted({row.categorie_code for row in rows}), "niveau_tot": max(row.niveau_tot for row in rows),
        "van": min(row.van for row in rows), "tot": None if None in einden else max(einden), "verantwoordelijke_id": first.eigenaar,
    }  # fmt: skip


def _voeg_in(table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        op.get_bind().execute(sa.insert(table), rows)
