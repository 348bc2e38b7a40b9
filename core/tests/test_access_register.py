"""What code declares of grounds, purposes, categories and activities: what is not sound refuses to start, whoever declares it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.access import grondslagen
from wijkwerk.access.purposes import Activiteit, Categorie, Doel, Domein, Geldigheid, Grondslag, Instemming
from wijkwerk.access.register import ACTIVITEITEN, DOELEN, GEZONDHEID, IDENTITEIT, UITKERING
from wijkwerk.access.roles import Rol
from wijkwerk.access.versies import Register
from wijkwerk.app import Wijkwerk
from wijkwerk.errors import OpstartFout
from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk.settings import Settings

INFO = PluginInfo("proef", "Proef.", "1.0")
DOEL = Doel("PROEF", "Proef", Domein.BUURT, Grondslag("PROEF", "Proef", ""), (IDENTITEIT,))
WMO, PW, TOESTEMMING = Domein.WMO, Domein.PW, Instemming.UITDRUKKELIJKE_TOESTEMMING
BELASTING = Categorie("BELASTING", "Hoe zwaar het is", domein=WMO)


def installatie(tmp_path: Any, **lijsten: Any) -> Wijkwerk:
    declared = Declaraties(**lijsten)
    plugin = SimpleNamespace(__name__="wijkwerk_proef", plugin_info=hookimpl(lambda: INFO), declaraties=hookimpl(lambda: declared))
    return Wijkwerk(Settings(map=tmp_path / "data"), [plugin])


FOUTEN: dict[str, tuple[dict[str, Any], str]] = {
    "a category of another act": (
        {"doelen": [replace(DOEL, categorieen=(UITKERING,))]}, "PROEF opent categorie 'UITKERING' van een andere wet",
    ),
    "a partner coupled for the resident's own eyes": (
        {"doelen": [replace(DOEL, domein=Domein.INZAGE, categorieen=(UITKERING,), koppelbaar=True)]}, "PROEF is voor de inwoner zelf",
    ),
    "a category of one act for the purpose of another": (
        {"categorieen": [replace(BELASTING, doelen=("PW_UITVOERING",))]}, "PW_UITVOERING opent categorie 'BELASTING' van een andere wet",
    ),
    "consent that asks for nothing": (
        {"categorieen": [replace(BELASTING, met_instemming=(("PW_UITVOERING", Instemming.NIET_NODIG),))]}, "Noem een instemming",
    ),
    "special data on a ground that does not allow them": (
        {"doelen": [replace(DOEL, categorieen=(GEZONDHEID,))]}, "bijzondere gegevens 'GEZONDHEID', maar zijn grondslag",
    ),
    "a special category for a general service": (
        {"categorieen": [Categorie("PIJN", "Pijn", bijzonder=True, doelen=("WMO_ALG_VOORZIENING",))]}, "bijzondere gegevens 'PIJN'",
    ),
    "a category that is nowhere": ({"doelen": [replace(DOEL, categorieen=(BELASTING,))]}, "doel PROEF noemt categorie 'BELASTING'"),
    "a category for a purpose that is nowhere": (
        {"categorieen": [replace(BELASTING, doelen=("WEG",))]}, "categorie BELASTING noemt doel 'WEG'",
    ),
    "consent for a purpose that is nowhere": (
        {"categorieen": [replace(BELASTING, met_instemming=(("WEG", TOESTEMMING),))]}, "categorie BELASTING noemt doel 'WEG'",
    ),
    "an activity with a purpose that is nowhere": ({"activiteiten": [Activiteit("PROEF", "Proef", (DOEL,))]}, "noemt doel 'PROEF'"),
    "an activity for a role that is nowhere": (
        {"activiteiten": [Activiteit("PROEF", "Proef", (), ("TOVENAAR",))]}, "activiteit PROEF noemt rol 'TOVENAAR'",
    ),
    "a role with an activity that is nowhere": ({"rollen": [Rol("PROEF", "proef", ("WEG",))]}, "rol PROEF noemt activiteit 'WEG'"),
    "a ground of the core": (
        {"grondslagen": [replace(grondslagen.PW_DERDEN, instemming=Instemming.NIET_NODIG)]}, "grondslag 'PW_DERDEN' is twee keer",
    ),
    "a new version of a ground of the core": (
        {"grondslagen": [replace(grondslagen.PW_DERDEN, geldigheid=Geldigheid(2, date(2028, 1, 1)))]}, "'PW_DERDEN' is twee keer",
    ),
    "a ground of the core by way of a purpose": (
        {"doelen": [replace(DOEL, grondslag=replace(grondslagen.BUURTGROEP, bijzonder=True))]}, "grondslag 'BUURTGROEP' is twee keer",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fout", FOUTEN)
def test_what_a_plugin_can_not_declare_stops_the_start_and_nothing_is_made(fout: str, tmp_path: Any) -> None:
    lijsten, melding = FOUTEN[fout]
    with pytest.raises(OpstartFout, match=melding):
        installatie(tmp_path, **lijsten)
    assert not (tmp_path / "data").exists()


def test_a_fault_that_begins_on_a_later_day_stops_the_start_today(tmp_path: Any) -> None:
    later = replace(DOEL, categorieen=(UITKERING,), geldigheid=Geldigheid(1, date(2099, 1, 1)))
    with pytest.raises(OpstartFout, match="van een andere wet"):
        installatie(tmp_path, doelen=[later])


def test_data_of_another_act_open_by_consent_alone(tmp_path: Any) -> None:
    erbij = replace(BELASTING, met_instemming=(("PW_DERDEN", TOESTEMMING),))
    catalogue = installatie(tmp_path, categorieen=[erbij]).catalogue
    doel = catalogue.doel("PW_DERDEN")
    assert "BELASTING" not in catalogue.matrix["PW_DERDEN"]
    assert catalogue.instemming(doel, "BELASTING") is TOESTEMMING
    assert catalogue.instemming(doel, "IDENTITEIT") is Instemming.SCHRIFTELIJK_GEEN_BEZWAAR
    assert catalogue.geopend(["PW_DERDEN", "WEG"]) == {"IDENTITEIT", "CONTACT", "PLANNING", "BELASTING"}


def test_on_which_grounds_special_data_may_be_kept(tmp_path: Any) -> None:
    catalogue = installatie(tmp_path).catalogue
    assert {code for code in catalogue.doelen if catalogue.mag_bijzonder([code])} == {"WMO_ONDERZOEK", "ZORG_UITWISSELING", "INZAGE"}
    assert not catalogue.mag_bijzonder(["WMO_ALG_VOORZIENING", "PW_UITVOERING", "BESTAAT_NIET"])
    assert not catalogue.mag_bijzonder([])


DAG0 = date(2028, 1, 1)
DAGEN = st.integers(0, 12).map(lambda n: DAG0 + timedelta(days=n))
GRENZEN = st.lists(st.tuples(DAGEN, st.none() | DAGEN), min_size=1, max_size=4, unique_by=lambda each: each[0]).map(sorted)


@given(GRENZEN, DAGEN)
def test_of_all_versions_the_last_that_began_holds_until_it_ends(grenzen: list[tuple[date, date | None]], dag: date) -> None:
    versies = tuple(replace(DOEL.grondslag, geldigheid=Geldigheid(n, van, tot)) for n, (van, tot) in enumerate(grenzen, start=1))
    register = Register((IDENTITEIT,), versies, (DOEL,), (Activiteit("PROEF", "Proef", (DOEL,)),))
    begonnen = [each for each in versies if each.geldigheid.van is not None and each.geldigheid.van <= dag]
    verwacht = [each for each in begonnen[-1:] if each.geldigheid.tot is None or dag <= each.geldigheid.tot]
    op = register.op(dag)
    assert list(op.grondslagen) == verwacht
    assert [doel.grondslag for doel in op.doelen] == verwacht
    assert [doel.grondslag for doel in op.activiteiten[0].doelen] == verwacht
    wissels = [each for each in register.dagen() if each <= dag]
    assert register.op(wissels[-1] if wissels else date.min) == op  # between two of these days nothing changes


def test_the_core_declares_its_register_once_and_each_purpose_has_words_for_the_resident() -> None:
    for items in (grondslagen.GRONDSLAGEN, DOELEN, ACTIVITEITEN):
        assert len({item.code for item in items}) == len(items)
        assert all(item.uitleg for item in items)
