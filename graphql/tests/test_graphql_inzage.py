"""What was shown is in the log before the answer: no more than was asked, no less than was read, and without a log nothing."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import pytest

from wijkwerk.log.tables import log_pseudoniem
from wijkwerk.notities.notitie import Notitiesoort
from wijkwerk.notities.schrijven import schrijf
from wijkwerk.organisaties import Organisatie
from wijkwerk.personen import Persoon
from wijkwerk.storage.columns import nieuw_id
from wijkwerk.testing.databases import count_statements
from wijkwerk.testing.notities import verteld
from wijkwerk.testing.wijk import Wijk
from wijkwerk_graphql.engine.execute import execute
from wijkwerk_graphql.testing import Vrager, codes

pytestmark = pytest.mark.anyio
BSN = "999993653"


async def entries(wijk: Wijk, onderdeel: str, gebeurtenis: str | None = None) -> list[dict[str, Any]]:
    return [regel for regel in await wijk.log() if regel["onderdeel"] == onderdeel and gebeurtenis in (None, regel["gebeurtenis"])]


def shown(regel: dict[str, Any]) -> set[tuple[str, str]]:
    """Record and field, over all persons of an entry."""
    return {(soort, veld) for each in regel.get("betrokkenen", []) for soort, _, velden, _ in each["getoond"] for veld in velden}


async def test_an_entry_names_the_fields_that_were_asked_and_no_other(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner(roepnaam="Jo")
    await vraag.data("WIJKTEAM", "query($id:ID!){persoon(id:$id){id beperkt __typename roepnaam volledigeNaam}}", id=str(persoon))
    [regel] = await entries(wijk, "persoon")
    assert shown(regel) == {("Persoon", "roepnaam"), ("Persoon", "volledige_naam")}
    assert (regel["gebeurtenis"], regel["resultaat"]) == ("LEZEN", "GESLAAGD")


async def test_what_is_skipped_is_neither_read_nor_noted_as_shown(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner(roepnaam="Jo", voornamen="Johanna")
    for number, (condition, value, seen) in enumerate(
        (("@include(if:$x)", False, False), ("@skip(if:$x)", True, False), ("@include(if:$x)", True, True), ("@skip(if:$x)", False, True))
    ):
        text = f"query Q{number}($id:ID!,$x:Boolean!){{persoon(id:$id){{roepnaam ...on Persoon{condition}{{voornamen}}}}}}"
        with count_statements(wijk.wijkwerk.database) as statements:
            await vraag.data("WIJKTEAM", text, id=str(persoon), x=value)
        regel = max(await entries(wijk, "persoon"), key=lambda regel: int(regel["seq"]))
        assert shown(regel) == {("Persoon", veld) for veld in ("roepnaam", "voornamen")[: 1 + seen]}
        assert any("voornamen" in statement for statement in statements) is seen


async def test_a_relation_that_is_skipped_is_not_read(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner()
    dossier = await wijk.dossier(persoon)
    await wijk.schrijf(
        "WIJKTEAM", partial(schrijf, dossier=dossier, persoon=persoon, soort=Notitiesoort.CONTACTVERSLAG, inhoud=verteld("Gesprek"))
    )
    text = "query($id:ID!,$x:Boolean!){persoon(id:$id){roepnaam notities @include(if:$x){versies{tekst}}}}"
    await vraag.data("WIJKTEAM", text, id=str(persoon), x=False)
    [regel] = await entries(wijk, "persoon")
    assert {soort for soort, _ in shown(regel)} == {"Persoon"}


async def test_refused_and_absent_look_the_same_in_answer_and_log(wijk: Wijk, vraag: Vrager) -> None:
    refused, absent = await wijk.inwoner(), nieuw_id()
    text = "query($id:ID!){persoon(id:$id){id roepnaam notities{id}} }"
    other = wijk.actor("WIJKTEAM", gebruiker=wijk.TEAMLEIDER, team=wijk.ander_team)
    await vraag(other, text, id=str(nieuw_id()))
    answers, counts = [], []
    for asked in (refused, absent):
        with count_statements(wijk.wijkwerk.database) as statements:
            answers.append((await vraag(other, text, id=str(asked))).as_dict())
        counts.append(len(statements))
    assert answers == [{"data": {"persoon": None}}] * 2
    assert counts[0] == counts[1]
    _, first, second = [{k: v for k, v in regel.items() if k not in ("seq", "gevraagd")} for regel in await entries(wijk, "persoon")]
    assert first == second
    assert first["resultaat"] == "GEEN_RESULTAAT"


async def test_the_number_of_statements_depends_on_the_document_not_on_the_rows(wijk: Wijk, vraag: Vrager) -> None:
    text = """{personen(first:100){totalCount edges{node{roepnaam
        notities(first:5){versies(first:2){tekst auteur{naam}}} betrokkenheden{bron}
        dossiers{vraag persoon{roepnaam} leden{roepnaam}} huisgenoten{roepnaam}}}}}"""
    counts = []
    for number in (1, 49):
        personen = [await wijk.inwoner() for _ in range(number)]
        for first in range(0, number, 20):
            dossier, persoon = await wijk.dossier(*personen[first : first + 20], vraag="Hulp"), personen[first]
            await wijk.schrijf(
                "WIJKTEAM", partial(schrijf, dossier=dossier, persoon=persoon, soort=Notitiesoort.BESLUIT, inhoud=verteld("Besluit"))
            )
        await vraag.data("WIJKTEAM", text)
        with count_statements(wijk.wijkwerk.database) as statements:
            data = await vraag.data("WIJKTEAM", text)
        counts.append(len(statements))
    assert data["personen"]["totalCount"] == 50
    assert str(data).count("'tekst': 'Besluit'") == 4
    assert counts[0] == counts[1]


async def test_without_a_log_there_is_no_answer_at_all(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner(roepnaam="Jo")
    await wijk.wijkwerk.journal.close()
    for text in ("query($id:ID!){persoon(id:$id){roepnaam}}", "{ik{rollen}}", "{__schema{types{name}}}", "{persoon(id:1){bsn}}"):
        answer = await vraag("WIJKTEAM", text, id=str(persoon))
        assert answer.data is None
        assert not answer.executed
        assert codes(answer) == ["LOG_NIET_BESCHIKBAAR"]


async def test_without_a_log_a_mutation_changes_nothing(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner(roepnaam="Jo")
    await wijk.wijkwerk.journal.close()
    answer = await vraag(
        "WIJKTEAM", 'mutation($id:ID!){persoonWijzigen(id:$id,versie:1,persoon:{roepnaam:"Bo"}){roepnaam}}', id=str(persoon)
    )
    assert codes(answer) == ["LOG_NIET_BESCHIKBAAR"]
    assert answer.data == {"persoonWijzigen": None}
    [row] = await wijk.rows(Persoon.tabel().select())
    assert (row.roepnaam, row.versie) == ("Jo", 1)


async def test_the_entry_is_durable_before_the_answer(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner()
    for number in range(1, 6):
        await vraag.data("WIJKTEAM", "query($id:ID!){persoon(id:$id){roepnaam}}", id=str(persoon))
        assert len(await entries(wijk, "persoon")) == number


async def test_the_snapshot_is_given_back_before_waiting_for_the_log(wijk: Wijk, vraag: Vrager, monkeypatch: pytest.MonkeyPatch) -> None:
    record, database = wijk.wijkwerk.journal.record, wijk.wijkwerk.database
    snapshot, steps = database.snapshot, []

    class Watched:
        def __init__(self) -> None:
            self.inner = snapshot()

        async def __aenter__(self) -> Any:
            steps.append("open")
            return await self.inner.__aenter__()

        async def __aexit__(self, *error: Any) -> Any:
            done = await self.inner.__aexit__(*error)
            steps.append("given back")
            return done

    async def watched(*regels: Any) -> Any:
        steps.append("log")
        return await record(*regels)

    monkeypatch.setattr(wijk.wijkwerk.journal, "record", watched)
    monkeypatch.setattr(database, "snapshot", Watched)
    await vraag.data("WIJKTEAM", "{personen{edges{node{roepnaam}}} dossiers{totalCount}}")
    assert steps == ["open", "given back", "log"]


async def test_an_entry_holds_no_arguments_variables_or_values(wijk: Wijk, vraag: Vrager) -> None:
    await wijk.inwoner("Kanarie", rol="REGISSEUR")
    await vraag.data("REGISSEUR", f'{{personen(filter:{{bsn:"{BSN}"}}){{totalCount}}}}')
    found = await vraag.data(
        "REGISSEUR", "query($f:PersonenFilter){personen(filter:$f){edges{node{geslachtsnaam}}}}", f={"naam": "Kanarie"}
    )
    assert found["personen"]["edges"] == [{"node": {"geslachtsnaam": "Kanarie"}}]
    assert {regel["gebeurtenis"] for regel in await entries(wijk, "personen")} == {"ZOEKEN"}
    assert BSN not in str(await wijk.log())
    assert "anarie" not in str(await wijk.log())


async def test_aliases_and_fragments_do_not_hide_what_was_asked(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner()
    await vraag.data("WIJKTEAM", "query($id:ID!){...a} fragment a on Query{onschuldig:persoon(id:$id){x:geslachtsnaam}}", id=str(persoon))
    [regel] = await entries(wijk, "persoon")
    assert shown(regel) == {("Persoon", "geslachtsnaam")}


async def test_looking_in_the_log_is_logged_and_shows_pseudonyms_only(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner("Kanarie")
    await vraag.data("WIJKTEAM", "query($id:ID!){persoon(id:$id){geslachtsnaam}}", id=str(persoon))
    text = """query($after:String){inzagelog(van:"2027-01-01T00:00:00Z",tot:"2028-01-01T00:00:00Z",gebeurtenis:LEZEN,first:1,after:$after){
        volgende regels{gebeurtenis onderdeel gebruiker betrokkenen{pseudoniem getoond{soort velden betrokkenheden}}}}}"""
    page = (await vraag.data("FG", text))["inzagelog"]
    [regel] = page["regels"]
    assert (regel["onderdeel"], UUID(regel["gebruiker"])) == ("persoon", wijk.WIJKTEAM)
    assert regel["betrokkenen"][0]["getoond"][0]["velden"] == ["geslachtsnaam"]
    assert page["volgende"] is None
    assert str(persoon) not in str(page)
    assert persoon.hex not in str(page)
    [viewed] = await entries(wijk, "inzagelog")
    assert (viewed["gebeurtenis"], viewed["rollen"]) == ("LOG_BEKEKEN", ["FG"])


async def test_the_pages_of_the_log_follow_each_other(wijk: Wijk, vraag: Vrager) -> None:
    for _ in range(5):
        await vraag.data("GEBIED", "{tellingen{naam}}")
    text = """query($after:String){inzagelog(van:"2027-01-01T00:00:00Z",tot:"2028-01-01T00:00:00Z",first:2,after:$after,gebeurtenis:LEZEN){
        volgende regels{onderdeel}}}"""
    after, seen = None, 0
    while True:
        page = (await vraag.data("FG", text, after=after))["inzagelog"]
        seen += len(page["regels"])
        if (after := page["volgende"]) is None:
            break
    assert seen == 5
    cursor = (await vraag.data("FG", text))["inzagelog"]["volgende"]
    other = wijk.actor("FG", gebruiker=wijk.PRIVACY_OFFICER)
    assert codes(await vraag(other, text, after=cursor)) == ["CURSOR_ONGELDIG"]


async def test_bad_periods_in_the_log_are_refused(wijk: Wijk, vraag: Vrager) -> None:
    text = 'query($van:DateTime!){inzagelog(van:$van,tot:"2027-01-01T00:00:00Z"){volgende}}'
    for van in ("2028-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "2027-01-01T00:00:00", "gisteren", ""):
        assert codes(await vraag("FG", text, van=van)) == ["ONGELDIGE_INVOER"]


async def test_a_variable_that_does_not_fit_is_refused_without_repeating_it(wijk: Wijk, vraag: Vrager) -> None:
    text = "query($f:PersonenFilter,$n:Int){personen(filter:$f,first:$n){totalCount}}"
    for given, code in (
        ({"f": {"bsn": BSN[:-1] + "0"}}, "BSN_ONGELDIG"),
        ({"f": {"geboortedatum": BSN}}, "DATUM_ONGELDIG"),
        ({"f": {"naam": None}}, "ONGELDIGE_INVOER"),
        ({"f": {BSN: 1}}, "ONGELDIGE_INVOER"),
        ({"f": BSN}, "ONGELDIGE_INVOER"),
        ({"f": [{"naam": "x"}]}, "ONGELDIGE_INVOER"),
        ({"n": 10**12}, "ONGELDIGE_INVOER"),
        ({"n": 0}, "ONGELDIGE_INVOER"),
        ({"n": 201}, "ONGELDIGE_INVOER"),
        ({"n": None}, "ONGELDIGE_INVOER"),
        ({"n": "x"}, "ONGELDIGE_INVOER"),
    ):
        answer = await vraag("REGISSEUR", text, **given)
        assert codes(answer)[0] == code, given
        assert BSN[:-1] not in str(answer.as_dict())


async def test_a_list_shows_the_organisations_by_name(wijk: Wijk, vraag: Vrager) -> None:
    data = await vraag.data("ZORG", "{organisaties{totalCount edges{node{naam soort}}}}")
    names = [edge["node"]["naam"] for edge in data["organisaties"]["edges"]]
    assert names == sorted(names)
    assert data["organisaties"]["totalCount"] == len(names) == len(await wijk.rows(Organisatie.tabel().select()))


async def test_an_operation_that_is_not_there_is_refused(wijk: Wijk, vraag: Vrager) -> None:
    for name in (None, "C"):
        answer = await execute(vraag.schema, wijk.wijkwerk, wijk.actor("WIJKTEAM"), "query A{ik{rollen}} query B{ik{doelen}}", {}, name)
        assert codes(answer) == ["DOCUMENT_ONGELDIG"]
    answer = await execute(vraag.schema, wijk.wijkwerk, wijk.actor("WIJKTEAM"), "query A{ik{rollen}} query B{ik{activiteit}}", {}, "B")
    assert answer.data == {"ik": {"activiteit": "WMO_ONDERSTEUNING"}}


async def test_a_read_whose_entry_cannot_be_made_gives_nothing_and_is_logged_as_a_fault(wijk: Wijk, vraag: Vrager) -> None:
    persoon = await wijk.inwoner(roepnaam="Jo")
    await wijk.change(log_pseudoniem.delete())
    answer = await vraag("WIJKTEAM", "query($id:ID!){persoon(id:$id){roepnaam}}", id=str(persoon))
    assert answer.data is None
    assert codes(answer) == ["LOG_NIET_BESCHIKBAAR"]
    [regel] = await entries(wijk, "persoon")
    assert (regel["resultaat"], regel["code"], regel.get("betrokkenen")) == ("FOUT", "LOG_NIET_BESCHIKBAAR", None)
