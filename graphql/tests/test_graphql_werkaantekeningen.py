"""Drafts over GraphQL: one's own by page and by case, written, made into a note; of a colleague nothing, not even a count."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from wijkwerk.notities.aantekenen import schrijf
from wijkwerk.notities.notitie import Notitie
from wijkwerk.notities.werkaantekening import Werkaantekening
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
SCHRIJVEN = """mutation($d:ID!,$p:ID!,$w:WerkaantekeningInvoer!){werkaantekeningSchrijven(dossier:$d,persoon:$p,werkaantekening:$w){
    id versie tekst oordeel soort geschreven verloopt auteur{naam} persoon{geslachtsnaam} dossier{id}}}"""
WIJZIGEN = """mutation($id:ID!,$v:Int!,$w:WerkaantekeningWijziging!){
    werkaantekeningWijzigen(id:$id,versie:$v,werkaantekening:$w){versie tekst oordeel soort}}"""
DEFINITIEF = """mutation($id:ID!,$v:Int!,$s:Notitiesoort,$b:Informatiebron!=EIGEN_WAARNEMING,$ook:[ID!]){
    werkaantekeningDefinitiefMaken(id:$id,versie:$v,soort:$s,bron:$b,ookOver:$ook){id soort versies{nummer tekst oordeel bron}}}"""
WEGGOOIEN = "mutation($id:ID!,$v:Int!){werkaantekeningWeggooien(id:$id,versie:$v){id mijnWerkaantekeningen{id}}}"
MIJN = """query($f:WerkaantekeningenFilter,$n:Int,$a:String){mijnWerkaantekeningen(filter:$f,first:$n,after:$a){
    totalCount pageInfo{hasNextPage endCursor} edges{node{tekst}}}}"""


@pytest.fixture
def wijk(wijk_vlug: Wijk) -> Wijk:
    return wijk_vlug


async def made(wijk: Wijk, vraag: Vrager, rol: str = "WIJKTEAM", **werk: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """A draft about a new resident: where it is, and what the API says of it."""
    persoon = await wijk.inwoner()
    waar = {"d": str(await wijk.dossier(persoon)), "p": str(persoon)}
    return waar, (await vraag.data(rol, SCHRIJVEN, **waar, w={"tekst": "Klonk moe", **werk}))["werkaantekeningSchrijven"]


async def test_from_a_draft_to_a_note(wijk: Wijk, vraag: Vrager) -> None:
    waar, first = await made(wijk, vraag, oordeel="Zorgelijk")
    id = first.pop("id")
    assert first == {
        "versie": 1, "tekst": "Klonk moe", "oordeel": "Zorgelijk", "soort": None, "geschreven": first["geschreven"],
        "verloopt": "2027-04-11T22:00:00Z", "auteur": {"naam": "wijkteam"}, "persoon": {"geslachtsnaam": "Moulin"},
        "dossier": {"id": waar["d"]},
    }  # fmt: skip
    changed = (await vraag.data("WIJKTEAM", WIJZIGEN, id=id, v=1, w={"soort": "CONTACTVERSLAG", "oordeel": None}))[
        "werkaantekeningWijzigen"
    ]
    assert changed == {"versie": 2, "tekst": "Klonk moe", "oordeel": None, "soort": "CONTACTVERSLAG"}
    assert codes(await vraag("WIJKTEAM", WIJZIGEN, id=id, v=1, w={"tekst": "Te laat"})) == ["VERSIE_VEROUDERD"]
    made_of = (await vraag.data("WIJKTEAM", DEFINITIEF, id=id, v=2))["werkaantekeningDefinitiefMaken"]
    assert made_of["soort"] == "CONTACTVERSLAG"
    assert made_of["versies"] == [{"nummer": 1, "tekst": "Klonk moe", "oordeel": None, "bron": "EIGEN_WAARNEMING"}]
    assert codes(await vraag("WIJKTEAM", DEFINITIEF, id=id, v=2)) == ["NIET_GEVONDEN"]
    assert await wijk.rows(Werkaantekening.tabel().select()) == []


async def test_what_is_thrown_away_is_gone_and_the_case_comes_back(wijk: Wijk, vraag: Vrager) -> None:
    waar, first = await made(wijk, vraag)
    assert codes(await vraag("WIJKTEAM", WEGGOOIEN, id=first["id"], v=9)) == ["VERSIE_VEROUDERD"]
    gone = (await vraag.data("WIJKTEAM", WEGGOOIEN, id=first["id"], v=1))["werkaantekeningWeggooien"]
    assert gone == {"id": waar["d"], "mijnWerkaantekeningen": []}
    assert await wijk.rows(Werkaantekening.tabel().select()) == []


async def test_a_draft_of_a_colleague_looks_absent_and_is_not_counted(wijk: Wijk, vraag: Vrager) -> None:
    waar, first = await made(wijk, vraag)
    for text, rest in (
        (WIJZIGEN, {"w": {"tekst": "Anders"}}), (WEGGOOIEN, {}), (DEFINITIEF, {"s": "CONTACTVERSLAG"}),
    ):  # fmt: skip
        assert codes(await vraag("REGISSEUR", text, id=first["id"], v=1, **rest)) == ["NIET_GEVONDEN"]
    both = "query($d:ID!){dossier(id:$d){mijnWerkaantekeningen{tekst}} mijnWerkaantekeningen{totalCount edges{node{id}}}}"
    empty = {"dossier": {"mijnWerkaantekeningen": []}, "mijnWerkaantekeningen": {"totalCount": 0, "edges": []}}
    assert await vraag.data("REGISSEUR", both, d=waar["d"]) == empty
    assert set(codes(await vraag("INWONER", MIJN))) == {"GEEN_RECHT"}
    assert set(codes(await vraag("CRISISDIENST", SCHRIJVEN, **waar, w={"tekst": "x"}))) == {"GEEN_RECHT"}
    [row] = await wijk.rows(Werkaantekening.tabel().select())
    assert (row.versie, await wijk.rows(Notitie.tabel().select())) == (1, [])


async def test_bad_input_names_its_argument_and_writes_nothing(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner()
    waar = {"d": str(await wijk.dossier(persoon)), "p": str(persoon)}
    for rest, code, veld in (
        ({"w": {"tekst": " "}}, "ONGELDIGE_INVOER", "tekst"),
        ({"w": {"tekst": "x", "oordeel": ""}}, "ONGELDIGE_INVOER", "oordeel"),
        ({"w": {"oordeel": "x"}}, "ONGELDIGE_INVOER", None),
        ({"w": {"tekst": "x", "soort": "ONZIN"}}, "ONGELDIGE_INVOER", "soort"),
        ({"w": {"tekst": "x"}, "p": "x"}, "ONGELDIGE_INVOER", "persoon"),
        ({"w": {"tekst": "x"}, "d": str(wijk.team)}, "NIET_GEVONDEN", None),
    ):
        answer = await vraag("WIJKTEAM", SCHRIJVEN, **waar | rest)
        assert codes(answer) == [code], rest
        assert answer.errors[0]["extensions"].get("veld") == veld, rest
    assert await wijk.rows(Werkaantekening.tabel().select()) == []


async def test_a_page_costs_as_many_statements_however_long_it_is(wijk: Wijk, vraag: Vrager) -> None:
    counts, zaken = [], []
    for n in range(3):
        persoon = await wijk.inwoner()
        dossier = await wijk.dossier(persoon)
        zaken.append((dossier, persoon))
        for rol in ("WIJKTEAM", "WIJKTEAM", "REGISSEUR"):
            await wijk.schrijf(rol, partial(schrijf, dossier=dossier, persoon=persoon, tekst=f"{n}"))
        actor = wijk.actor("WIJKTEAM")
        with count_statements(wijk.wijkwerk.database) as statements:
            found = await vraag.data(actor, "{dossiers{edges{node{mijnWerkaantekeningen{tekst persoon{roepnaam}}}}}}")
        counts.append(len(statements))
        assert [len(edge["node"]["mijnWerkaantekeningen"]) for edge in found["dossiers"]["edges"]] == [2] * (n + 1)
    assert len(set(counts[1:])) == 1
    page = (await vraag.data("WIJKTEAM", MIJN, n=4))["mijnWerkaantekeningen"]
    rest = (await vraag.data("WIJKTEAM", MIJN, n=4, a=page["pageInfo"]["endCursor"]))["mijnWerkaantekeningen"]
    texts = sorted(edge["node"]["tekst"] for edge in [*page["edges"], *rest["edges"]])
    assert (texts, page["totalCount"], rest["pageInfo"]["hasNextPage"]) == (["0", "0", "1", "1", "2", "2"], 6, False)
    for gezocht in ({"dossier": str(zaken[0][0])}, {"persoon": str(zaken[0][1])}):
        assert [e["node"]["tekst"] for e in (await vraag.data("WIJKTEAM", MIJN, f=gezocht))["mijnWerkaantekeningen"]["edges"]] == ["0", "0"]


async def test_what_an_offline_client_sends_again_is_done_once(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner()
    given = {"d": str(await wijk.dossier(persoon)), "p": str(persoon), "w": {"tekst": "Klonk moe"}, "i": str(nieuw_id())}
    write = SCHRIJVEN.replace("($d:", "($i:ID,$d:").replace("(dossier:$d", "(inzending:$i,dossier:$d")
    final = DEFINITIEF.replace("($id:", "($i:ID,$id:").replace("(id:$id", "(inzending:$i,id:$id")
    first, again = [(await vraag.data("WIJKTEAM", write, **given))["werkaantekeningSchrijven"] for _ in range(2)]
    assert first == again
    of_it = {"id": first["id"], "v": 1, "s": "CONTACTVERSLAG", "i": str(nieuw_id())}
    note, same = [(await vraag.data("WIJKTEAM", final, **of_it))["werkaantekeningDefinitiefMaken"] for _ in range(2)]
    assert note == same
    # the whole queue once more: the draft is a note by now, and no new one is made
    assert codes(await vraag("WIJKTEAM", write, **given)) == ["INZENDING_GEDAAN"]
    assert (await vraag.data("WIJKTEAM", final, **of_it))["werkaantekeningDefinitiefMaken"] == note
    assert (len(await wijk.rows(Notitie.tabel().select())), await wijk.rows(Werkaantekening.tabel().select())) == (1, [])
    # never sent before, about a case that is not there: not done, and told apart from that
    assert codes(await vraag("WIJKTEAM", write, **given | {"d": str(nieuw_id()), "i": str(nieuw_id())})) == ["NIET_GEVONDEN"]
