"""Who may decide: every cell of the table of domain.md 2.7, and nothing certain where something is not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.beslissen import Beslissing, Feiten, Gezagfeit, Leeftijdsgroep, Uitkomst, Wie, beslis, leeftijdsgroepen
from wijkwerk.gezag import Gezagsoort
from wijkwerk.records.types.datum import DATUM_ONBEKEND, Datum
from wijkwerk.vertegenwoordigingen import Handeling, Hoedanigheid

DAG = date(2027, 3, 1)
ZELF, VERT, BEIDEN, ONBEKEND = Uitkomst.BETROKKENE, Uitkomst.VERTEGENWOORDIGER, Uitkomst.BEIDEN, Uitkomst.ONBEKEND
SAMEN = Gezagfeit(Gezagsoort.GEZAMENLIJK_OUDERLIJK_GEZAG)
MOEDER, VADER = Wie(Hoedanigheid.OUDER, UUID(int=1)), Wie(Hoedanigheid.OUDER, UUID(int=2))
OUDERS = {"gezag": (SAMEN,), "gezagdragers": (MOEDER, VADER)}
LEEFTIJDEN = {
    "11": Datum(2015, 3, 2), "12": Datum(2015, 3, 1), "15": Datum(2011, 3, 2), "16": Datum(2011, 3, 1), "17": Datum(2009, 3, 2),
    "18": Datum(2009, 3, 1), "85": Datum(1941, 3, 4),
}  # fmt: skip
KIND, TIENER, ZESTIEN, VOLWASSEN = ("11",), ("12", "15"), ("16", "17"), ("18", "85")
CELLEN: dict[tuple[Handeling, tuple[str, ...]], tuple[Uitkomst, Uitkomst, Uitkomst]] = {
    (Handeling.HULPVERLENING_JEUGD, KIND): (VERT, VERT, VERT),
    (Handeling.HULPVERLENING_JEUGD, TIENER): (BEIDEN, BEIDEN, ONBEKEND),
    (Handeling.HULPVERLENING_JEUGD, ZESTIEN): (ZELF, ZELF, ONBEKEND),
    (Handeling.HULPVERLENING_JEUGD, VOLWASSEN): (ZELF, ZELF, ONBEKEND),
    (Handeling.AVG_TOESTEMMING, KIND): (VERT, VERT, VERT),
    (Handeling.AVG_TOESTEMMING, TIENER): (VERT, VERT, VERT),
    (Handeling.AVG_TOESTEMMING, ZESTIEN): (ZELF, ZELF, ONBEKEND),
    (Handeling.AVG_TOESTEMMING, VOLWASSEN): (ZELF, ZELF, ONBEKEND),
    (Handeling.WMO_VERSTREKKING, KIND): (VERT, VERT, VERT),
    (Handeling.WMO_VERSTREKKING, TIENER): (ONBEKEND, ZELF, VERT),
    (Handeling.WMO_VERSTREKKING, ZESTIEN): (ZELF, ZELF, ONBEKEND),
    (Handeling.WMO_VERSTREKKING, VOLWASSEN): (ZELF, ZELF, ONBEKEND),
    (Handeling.INZAGE, KIND): (VERT, VERT, VERT),
    (Handeling.INZAGE, TIENER): (ONBEKEND, BEIDEN, VERT),
    (Handeling.INZAGE, ZESTIEN): (ZELF, ZELF, VERT),
    (Handeling.INZAGE, VOLWASSEN): (ZELF, ZELF, ONBEKEND),
    (Handeling.VERNIETIGING, KIND): (VERT, VERT, VERT),
    (Handeling.VERNIETIGING, TIENER): (ONBEKEND, ZELF, ONBEKEND),
    (Handeling.VERNIETIGING, ZESTIEN): (ZELF, ZELF, ONBEKEND),
    (Handeling.VERNIETIGING, VOLWASSEN): (ZELF, ZELF, ONBEKEND),
}
"""Without a judgement, judged able, judged unable; with both parents known."""

GEVALLEN = [
    (handeling, leeftijd, oordeel, uitkomsten[at])
    for (handeling, leeftijden), uitkomsten in CELLEN.items()
    for leeftijd in leeftijden
    for at, oordeel in enumerate((None, True, False))
]


def feiten(handeling: Handeling = Handeling.INZAGE, leeftijd: str = "11", **rest: Any) -> Feiten:
    given: dict[str, Any] = {"handeling": handeling, "datum": DAG, "geboren": LEEFTIJDEN[leeftijd], **OUDERS, **rest}
    return Feiten(**given)


def test_the_table_has_every_act_and_group() -> None:
    assert set(CELLEN) == set(product(Handeling, (KIND, TIENER, ZESTIEN, VOLWASSEN)))


@pytest.mark.parametrize(
    ("handeling", "leeftijd", "oordeel", "uitkomst"), GEVALLEN, ids=[f"{h}-{leeftijd}-{o}" for h, leeftijd, o, _ in GEVALLEN]
)
def test_every_cell(handeling: Handeling, leeftijd: str, oordeel: bool | None, uitkomst: Uitkomst) -> None:
    found = beslis(feiten(handeling, leeftijd, in_staat=oordeel))
    assert found.uitkomst is uitkomst
    decides = uitkomst in (VERT, BEIDEN)
    assert found.vertegenwoordigers == ((MOEDER, VADER) if decides else ())
    assert found.beide_ouders is (None if uitkomst is ONBEKEND else decides)
    assert found.samen is (uitkomst is BEIDEN and handeling is Handeling.HULPVERLENING_JEUGD)
    assert found.uitleg.endswith(".") or found.uitleg.endswith("?")


@pytest.mark.parametrize(
    ("geboren", "groepen"),
    [
        (Datum(2015, 3, 2), ["ONDER_12"]), (Datum(2015, 3, 1), ["VAN_12_TOT_16"]), (Datum(2011, 3, 2), ["VAN_12_TOT_16"]),
        (Datum(2011, 3, 1), ["VAN_16_TOT_18"]), (Datum(2009, 3, 2), ["VAN_16_TOT_18"]), (Datum(2009, 3, 1), ["VOLWASSEN"]),
        (Datum(2015), ["ONDER_12", "VAN_12_TOT_16"]), (Datum(2011, 3), ["VAN_12_TOT_16", "VAN_16_TOT_18"]),
        (Datum(2011, 2), ["VAN_16_TOT_18"]), (Datum(2009), ["VAN_16_TOT_18", "VOLWASSEN"]), (DATUM_ONBEKEND, [*Leeftijdsgroep]),
        (Datum(2000), ["VOLWASSEN"]), (Datum(2020), ["ONDER_12"]),
    ],
    ids=lambda value: str(value) if isinstance(value, Datum) else "",
)  # fmt: skip
def test_which_groups_somebody_can_be_in(geboren: Datum, groepen: list[str]) -> None:
    assert leeftijdsgroepen(geboren, DAG) == groepen


def test_who_was_born_on_29_february_is_12_on_1_march() -> None:
    geboren = Datum(2016, 2, 29)
    assert [leeftijdsgroepen(geboren, dag)[0] for dag in (date(2028, 2, 28), date(2028, 2, 29))] == ["ONDER_12", "VAN_12_TOT_16"]
    assert [leeftijdsgroepen(Datum(2012, 2, 29), dag)[0] for dag in (date(2027, 2, 28), date(2030, 2, 28), date(2030, 3, 1))] == [
        "VAN_12_TOT_16", "VAN_16_TOT_18", "VOLWASSEN",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("handeling", "geboren", "uitkomst"),
    [
        (Handeling.HULPVERLENING_JEUGD, Datum(2015), ONBEKEND), (Handeling.AVG_TOESTEMMING, Datum(2015), VERT),
        (Handeling.AVG_TOESTEMMING, Datum(2011), ONBEKEND), (Handeling.AVG_TOESTEMMING, Datum(2009), ZELF),
        (Handeling.INZAGE, Datum(2011, 3), ONBEKEND), (Handeling.VERNIETIGING, DATUM_ONBEKEND, ONBEKEND),
        (Handeling.AVG_TOESTEMMING, Datum(1968), ZELF), (Handeling.WMO_VERSTREKKING, Datum(2015, 3), ONBEKEND),
    ],
    ids=["jeugd 11 of 12", "avg 11 of 12", "avg 15 of 16", "avg 17 of 18", "inzage 15 of 16", "onbekend", "zeker volwassen", "maand"],
)  # fmt: skip
def test_an_age_that_is_not_sure_is_no_obstacle_where_it_makes_no_difference(
    handeling: Handeling, geboren: Datum, uitkomst: Uitkomst
) -> None:
    found = beslis(feiten(handeling, geboren=geboren))
    assert found.uitkomst is uitkomst
    if uitkomst is ONBEKEND:
        assert "geboortedatum" in found.uitleg


@pytest.mark.parametrize("handeling", Handeling)
@pytest.mark.parametrize(
    "gezag",
    [
        (), (Gezagfeit(Gezagsoort.GEZAG_NIET_TE_BEPALEN),), (Gezagfeit(Gezagsoort.ONBEKEND),),
        (Gezagfeit(Gezagsoort.TIJDELIJK_GEEN_GEZAG),), (replace(SAMEN, in_onderzoek=True),), (SAMEN, Gezagfeit(Gezagsoort.VOOGDIJ)),
        (SAMEN, replace(SAMEN, in_onderzoek=True)),
    ],
    ids=["geen", "niet te bepalen", "onbekend", "tijdelijk geen", "in onderzoek", "twee soorten", "een van twee in onderzoek"],
)  # fmt: skip
def test_gezag_that_is_not_sure_decides_nothing(handeling: Handeling, gezag: tuple[Gezagfeit, ...]) -> None:
    for leeftijd, oordeel in product(("11", "12", "15", "16", "17"), (None, True, False)):
        found = beslis(feiten(handeling, leeftijd, gezag=gezag, in_staat=oordeel))
        known = beslis(feiten(handeling, leeftijd, in_staat=oordeel))
        assert found.uitkomst is (ONBEKEND if known.uitkomst in (VERT, BEIDEN) else known.uitkomst)
        assert found.vertegenwoordigers == ()


@pytest.mark.parametrize(
    ("soort", "dragers", "uitkomst", "beide"),
    [
        (Gezagsoort.EENHOOFDIG_OUDERLIJK_GEZAG, (MOEDER,), VERT, False), (Gezagsoort.EENHOOFDIG_OUDERLIJK_GEZAG, (), VERT, False),
        (Gezagsoort.EENHOOFDIG_OUDERLIJK_GEZAG, (MOEDER, VADER), ONBEKEND, None),
        (Gezagsoort.GEZAMENLIJK_OUDERLIJK_GEZAG, (MOEDER,), VERT, True),
        (Gezagsoort.GEZAMENLIJK_OUDERLIJK_GEZAG, (MOEDER, VADER, Wie(Hoedanigheid.OUDER, UUID(int=3))), ONBEKEND, None),
        (Gezagsoort.GEZAMENLIJK_OUDERLIJK_GEZAG, (MOEDER, Wie(Hoedanigheid.VOOGD, naam="Instelling")), ONBEKEND, None),
        (Gezagsoort.GEZAMENLIJK_GEZAG, (MOEDER, Wie(Hoedanigheid.VOOGD, UUID(int=3))), VERT, None),
        (Gezagsoort.GEZAMENLIJK_GEZAG, (MOEDER, VADER), ONBEKEND, None),
        (Gezagsoort.VOOGDIJ, (Wie(Hoedanigheid.VOOGD, naam="Instelling"),), VERT, False), (Gezagsoort.VOOGDIJ, (MOEDER,), ONBEKEND, None),
    ],
    ids=["een", "een, niet bekend wie", "een of twee", "samen, een bekend", "drie ouders", "ouder en voogd", "ouder en ander",
         "twee ouders", "voogdij", "voogdij en ouder"],
)  # fmt: skip
def test_the_holders_fit_the_kind_of_gezag_or_nothing_is_decided(
    soort: Gezagsoort, dragers: tuple[Wie, ...], uitkomst: Uitkomst, beide: bool | None
) -> None:
    found = beslis(feiten(Handeling.AVG_TOESTEMMING, gezag=(Gezagfeit(soort),), gezagdragers=dragers))
    assert (found.uitkomst, found.beide_ouders) == (uitkomst, beide)
    assert ("leg het vast" in found.uitleg) is (not dragers)


@pytest.mark.parametrize("handeling", Handeling)
@pytest.mark.parametrize("hoedanigheid", [Hoedanigheid.CURATOR, Hoedanigheid.MENTOR, Hoedanigheid.BEWINDVOERDER, Hoedanigheid.GEMACHTIGDE])
def test_curatele_and_mentorschap_of_adults_and_nothing_more(handeling: Handeling, hoedanigheid: Hoedanigheid) -> None:
    wie = Wie(hoedanigheid, naam="Jansen")
    wettelijk = hoedanigheid in (Hoedanigheid.CURATOR, Hoedanigheid.MENTOR)
    for leeftijd in ("18", "85"):
        found = beslis(feiten(handeling, leeftijd, anderen=(wie,), gezag=()))
        assert (found.uitkomst, found.vertegenwoordigers) == ((VERT, (wie,)) if wettelijk else (ONBEKEND, ()))
        assert beslis(feiten(handeling, leeftijd, anderen=(wie,), in_staat=True)).uitkomst is ONBEKEND
    for leeftijd in ("16", "17"):
        assert beslis(feiten(handeling, leeftijd, anderen=(wie,))).uitkomst is ONBEKEND
    young = beslis(feiten(handeling, "11", anderen=(wie,)))
    assert young.uitkomst is (ONBEKEND if wettelijk else VERT)
    assert beslis(feiten(handeling, anderen=(wie,), geboren=Datum(2009))).uitkomst is ONBEKEND


@pytest.mark.parametrize("handeling", Handeling)
def test_after_death_it_is_asked(handeling: Handeling) -> None:
    for leeftijd in LEEFTIJDEN:
        for overleden in (Datum.van(DAG), DATUM_ONBEKEND, Datum(2027), Datum(2026, 12)):
            assert beslis(feiten(handeling, leeftijd, overleden=overleden)).uitkomst is ONBEKEND
        before = beslis(feiten(handeling, leeftijd, overleden=Datum.van(DAG + timedelta(days=1))))
        assert before == beslis(feiten(handeling, leeftijd))


@pytest.mark.parametrize("handeling", Handeling)
def test_what_is_hidden_is_never_certain(handeling: Handeling) -> None:
    for leeftijd in LEEFTIJDEN:
        assert beslis(feiten(handeling, leeftijd, zichtbaar=False)).uitkomst is ONBEKEND
        assert beslis(feiten(handeling, leeftijd, geboren=None)).uitkomst is ONBEKEND


def test_a_holder_out_of_sight_is_counted_and_not_told() -> None:
    found = beslis(feiten(gezagdragers=(MOEDER, Wie(Hoedanigheid.OUDER))))
    assert (found.uitkomst, found.vertegenwoordigers, found.verborgen, found.beide_ouders) == (VERT, (MOEDER,), 1, True)


MOEDER_NAAM = Wie(Hoedanigheid.OUDER, naam="Jansen")
HIDDEN = Wie(Hoedanigheid.OUDER)


@pytest.mark.parametrize(
    ("dragers", "geblokkeerd", "over"),
    [
        ((MOEDER, VADER), {VADER.persoon}, (MOEDER,)), ((MOEDER, VADER), {VADER.persoon, MOEDER.persoon}, None),
        ((MOEDER,), {MOEDER.persoon}, None), ((), {MOEDER.persoon}, None), ((MOEDER,), {VADER.persoon}, (MOEDER,)),
        ((MOEDER, MOEDER_NAAM), {"Jansen"}, (MOEDER,)), ((MOEDER, MOEDER_NAAM), {"J. Jansen"}, None), ((MOEDER, VADER), {"Jansen"}, None),
        ((MOEDER, HIDDEN), {None}, (MOEDER,)), ((HIDDEN, HIDDEN), {None}, None), ((HIDDEN,), {MOEDER.persoon}, None),
    ],
    ids=["een van twee", "beide", "de enige", "niemand bekend", "zonder gezag", "op naam", "andere naam", "naam van wie",
         "verborgen", "alleen verborgen", "wie er is, is verborgen"],
)  # fmt: skip
def test_a_blocked_parent_is_left_out_of_access_and_of_nothing_else(
    dragers: tuple[Wie, ...], geblokkeerd: set[Any], over: tuple[Wie, ...] | None
) -> None:
    blocked = feiten(gezagdragers=dragers, geblokkeerd=frozenset(geblokkeerd))
    found = beslis(blocked)
    if over is None:
        assert (found.uitkomst, found.vertegenwoordigers) == (ONBEKEND, ())
    else:
        assert (found.uitkomst, found.vertegenwoordigers, found.beide_ouders) == (VERT, over, False)
        assert (found.ouder_weggelaten, found.verborgen) == (True, 0)
    for handeling in (Handeling.AVG_TOESTEMMING, Handeling.HULPVERLENING_JEUGD, Handeling.VERNIETIGING):
        other = replace(blocked, handeling=handeling)
        assert beslis(other) == beslis(replace(other, geblokkeerd=frozenset()))


HOLDERS = [MOEDER, VADER, HIDDEN, MOEDER_NAAM, Wie(Hoedanigheid.VOOGD, naam="Instelling")]
OTHERS = [Wie(hoedanigheid, naam="Jansen") for hoedanigheid in Hoedanigheid if hoedanigheid not in ("OUDER", "VOOGD")]
DATES = st.one_of(
    st.just(DATUM_ONBEKEND), st.integers(2000, 2026).map(Datum), st.builds(Datum, st.integers(2005, 2026), st.integers(1, 12)),
    st.dates(date(2005, 1, 1), DAG).map(Datum.van),
)  # fmt: skip
FEITEN = st.builds(
    Feiten, handeling=st.sampled_from(Handeling), datum=st.just(DAG), geboren=st.one_of(st.none(), DATES), overleden=st.none(),
    zichtbaar=st.booleans(),
    gezag=st.lists(st.builds(Gezagfeit, st.sampled_from(Gezagsoort), st.booleans()), max_size=2).map(tuple),
    gezagdragers=st.lists(st.sampled_from(HOLDERS), max_size=3, unique=True).map(tuple),
    anderen=st.lists(st.sampled_from(OTHERS), max_size=2, unique=True).map(tuple), in_staat=st.one_of(st.none(), st.booleans()),
    geblokkeerd=st.sets(st.sampled_from([MOEDER.persoon, None, "Jansen"])).map(frozenset),
)  # fmt: skip


def sure(found: Beslissing) -> tuple[Any, ...]:
    return found.uitkomst, found.samen, found.beide_ouders, found.vertegenwoordigers


@given(FEITEN)
def test_nothing_is_certain_that_would_be_otherwise_at_another_age_that_can_be(given: Feiten) -> None:
    found = beslis(given)
    if found.uitkomst is ONBEKEND:
        return
    assert given.zichtbaar
    assert given.geboren is not None
    for dag in {given.geboren.eerste(), min(given.geboren.laatste(), DAG), *within(given.geboren)}:
        assert sure(beslis(replace(given, geboren=Datum.van(dag)))) == sure(found)


def within(geboren: Datum) -> list[date]:
    """Days around the borders of 12, 16 and 18 that this date can be."""
    borders = [date(DAG.year - jaren, DAG.month, DAG.day) + timedelta(days=day) for jaren in (12, 16, 18) for day in (0, 1)]
    return [dag for dag in borders if geboren.eerste() <= dag <= geboren.laatste()]


@given(FEITEN)
def test_a_representative_decides_only_by_sure_gezag_or_by_curatele_or_mentorschap(given: Feiten) -> None:
    found = beslis(given)
    assert all(wie.zichtbaar for wie in found.vertegenwoordigers)
    if found.uitkomst in (VERT, BEIDEN):
        gezag = given.gezag and not any(feit.in_onderzoek for feit in given.gezag)
        assert gezag or any(wie.hoedanigheid in ("CURATOR", "MENTOR") for wie in given.anderen)
    if given.handeling is Handeling.INZAGE and not set(found.vertegenwoordigers) & set(given.anderen):
        assert not {wie.persoon or wie.naam for wie in found.vertegenwoordigers} & given.geblokkeerd
