"""Roles, permissions, activities: closed at the edges (design.md 5). What nobody declared or granted, nobody may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wijkwerk.access.actor import Functie, Toewijzer
from wijkwerk.access.catalogue import catalogue
from wijkwerk.access.levels import N4, N6
from wijkwerk.access.permissions import PUBLIC, Permission
from wijkwerk.access.policy import Policy, default_lines, load
from wijkwerk.access.policybestand import Beleidsfout, Regel, lees_tekst, ontleed
from wijkwerk.access.purposes import Activiteit, Categorie, Doel, Domein, Grondslag
from wijkwerk.access.register import ACTIVITEITEN, CATEGORIEEN, DOELEN, PW_UITVOERING, ROLLEN, WMO_ONDERZOEK
from wijkwerk.access.roles import Rol
from wijkwerk.app import Wijkwerk
from wijkwerk.dossiers.dossier import Dossier
from wijkwerk.errors import GeenRecht, OngeldigeInvoer, OpstartFout
from wijkwerk.personen import Persoon
from wijkwerk.settings import Settings
from wijkwerk.taken.bron import Werkbron
from wijkwerk.taken.soorten import Taaksoort
from wijkwerk.testing.wijk import BEGIN

LEZEN = Permission("proef:lezen", "Proef.", ("WIJKTEAM",))
GEMEENTE, WIE, STAD, DOCK, TEAM = (UUID(int=n) for n in range(1, 6))
KERN = catalogue(CATEGORIEEN, DOELEN, ACTIVITEITEN, ROLLEN, [LEZEN, PUBLIC], [Persoon, Dossier])
BELEID = load(default_lines([LEZEN]), KERN)


def load_text(text: str) -> Policy:
    lines, fouten = ontleed(text)
    return load(lines, KERN, fouten)


def assign(*functies: Functie, gevraagd: str | None = None) -> Any:
    return Toewijzer(BELEID, KERN).actor(WIE, GEMEENTE, functies, gevraagd, BEGIN)


def test_without_a_policy_a_role_has_only_what_is_public() -> None:
    assert set(load([], KERN).rechten.values()) == {frozenset({PUBLIC.naam})}


def test_an_unknown_role_and_no_role_have_nothing_not_even_what_is_public() -> None:
    assert BELEID.of(["TOVENAAR"]) == BELEID.of([]) == frozenset()


def test_a_role_has_what_it_is_granted_and_nothing_else() -> None:
    assert BELEID.of(["WIJKTEAM"]) == {"proef:lezen", PUBLIC.naam}
    assert BELEID.of(["REGISSEUR"]) == {PUBLIC.naam}
    assert BELEID.of(["REGISSEUR", "WIJKTEAM"]) == {"proef:lezen", PUBLIC.naam}


def test_a_permission_that_nobody_declared_is_never_held() -> None:
    actor = assign(Functie("WIJKTEAM", STAD))
    assert actor.may("proef:lezen")
    assert not actor.may("proef:leze")
    assert not actor.may("")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("p, WIJKTEAM, proef:lezen\np, WIJKTAEM, proef:lezen", 2),
        ("# kop\n\np, WIJKTEAM, proef:leezn", 3),
        ("p, WIJKTEAM", 1),
        ("\nq, WIJKTEAM, proef:lezen", 2),
        ("p, WIJKTEAM, proef:lezen, deny", 1),
        ("p, WIJKTEAM, proef:lezen, WMO_ONDERZOEK, meer", 1),
        ("p, WIJKTEAM, proef:lezen,", 1),
        ("p, WIJKTEAM, proef:lezen\n\np,WIJKTEAM,proef:lezen # nog eens", 3),
        ("weiger, WIJKTEAM, Persoon.leeftijdd", 1),
        ("weiger, WIJKTEAM, Persoon", 1),
        ("weiger, WIJKTEAM, Persoon.versie", 1),
        ("weiger, WIJKTEAM, Persoon.id", 1),
        ("weiger, WIJKTEAM, Persoon.voorletters", 1),
        ("weiger, WIJKTAEM, Persoon.bsn", 1),
        ("weiger, WIJKTEAM, Persoon.bsn, WMO_ONDERZOEK", 1),
        ("Weiger, WIJKTEAM, Persoon.bsn", 1),
        ("p, WIJKTEAM, *", 1),
        ("p, , proef:lezen", 1),
        ("\ufeffp, WIJKTEAM, proef:lezen", 1),
    ],
    ids=[
        "rol",
        "permissie",
        "te kort",
        "soort",
        "doel",
        "te lang",
        "leeg doel",
        "dubbel",
        "veld",
        "zonder veld",
        "versie",
        "id",
        "afgeleid",
        "rol bij weiger",
        "weiger te lang",
        "hoofdletter",
        "ster",
        "leeg",
        "bom",
    ],
)
def test_a_typing_error_in_a_policy_stops_the_start_and_names_the_line(text: str, line: int) -> None:
    with pytest.raises(OpstartFout, match=f"^Beleid, regel {line}: ") as refused:
        load_text(text)
    assert len(refused.value.melding.splitlines()) == 1


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_the_lines() -> None:
    text = "p, A, proef:lezen\nonzin\nweiger, FG, Persoon.x\np, FG, proef:weg, NERGENS\np, FG, proef:lezen\np, FG, proef:lezen"
    with pytest.raises(Beleidsfout) as refused:
        load_text(text)
    assert [fout.nummer for fout in refused.value.fouten] == [1, 2, 3, 4, 4, 6]
    assert "regel 5" in str(refused.value.fouten[-1])


def test_a_fault_says_what_is_wrong_and_what_to_write() -> None:
    text = "p, A, proef:lezen\np, FG, proef:weg, NERGENS\nweiger, FG, Persoon.x\nweiger, FG, Persoon.versie"
    with pytest.raises(Beleidsfout) as refused:
        load_text(text)
    assert [fout.melding for fout in refused.value.fouten] == [
        "de rol 'A' bestaat niet.",
        "de permissie 'proef:weg' bestaat niet.",
        "het doel 'NERGENS' bestaat niet.",
        "het veld 'Persoon.x' bestaat niet. Schrijf Soort.veld, zoals Persoon.taal.",
        "het veld 'Persoon.versie' kan niet worden geweigerd. Weiger de velden waaruit het volgt.",
    ]


def test_what_only_the_system_does_is_given_to_no_person_and_to_any_system() -> None:
    alleen = Permission("proef:systeem", "Proef.", ("JOBS",))
    niemand = Permission("proef:niemand", "Proef.")
    known = replace(KERN, permissions={p.naam: p for p in (alleen, niemand)})
    for rol in ("WIJKTEAM", "FG", "INWONER"):
        with pytest.raises(Beleidsfout, match=f"regel 7: de permissie .proef:systeem. is alleen voor het systeem zelf, niet voor {rol}"):
            load([Regel(rol, "proef:systeem", 7)], known)
        assert load([Regel(rol, "proef:niemand")], known).of([rol]) == {"proef:niemand", PUBLIC.naam}
    assert "proef:systeem" in load([Regel("IMPORT", "proef:systeem")], known).of(["IMPORT"])


def test_a_right_for_a_purpose_is_held_in_requests_for_that_purpose_alone() -> None:
    beleid = load_text("p, WIJKTEAM, proef:lezen, WMO_ONDERZOEK\np, KLANTMANAGER, proef:lezen, WMO_ONDERZOEK")
    assert "proef:lezen" in beleid.of(["WIJKTEAM"], ["PW_UITVOERING", "WMO_ONDERZOEK"])
    for rollen, doelen in ((["WIJKTEAM"], []), (["WIJKTEAM"], ["PW_UITVOERING"]), (["FG"], ["WMO_ONDERZOEK"]), ([], ["WMO_ONDERZOEK"])):
        assert "proef:lezen" not in beleid.of(rollen, doelen)
    wijkteam, klantmanager = (
        Toewijzer(beleid, KERN).actor(WIE, GEMEENTE, [Functie(rol, STAD)], None, BEGIN) for rol in ("WIJKTEAM", "KLANTMANAGER")
    )
    assert wijkteam.may("proef:lezen")
    assert not klantmanager.may("proef:lezen")


def test_what_one_role_never_sees_its_holder_never_sees_as_another_role_either() -> None:
    beleid = load_text("weiger, WIJKTEAM, Persoon.taal\np, REGISSEUR, proef:lezen")
    actor = Toewijzer(beleid, KERN).actor(WIE, GEMEENTE, [Functie("WIJKTEAM", STAD), Functie("REGISSEUR", STAD)], None, BEGIN)
    assert actor.never_sees("Persoon", "taal")
    assert actor.may("proef:lezen")
    assert not actor.never_sees("Persoon", "roepnaam")
    assert not actor.never_sees("Dossier", "taal")
    alleen = Toewijzer(beleid, KERN).actor(WIE, GEMEENTE, [Functie("REGISSEUR", STAD)], None, BEGIN)
    assert alleen.geweigerd == frozenset()


def test_rights_are_worked_out_once_per_set_of_roles_and_purposes() -> None:
    first = BELEID.toegekend(["WIJKTEAM", "REGISSEUR"], ["WMO_ONDERZOEK"])
    assert BELEID.toegekend(("REGISSEUR", "WIJKTEAM", "REGISSEUR"), {"WMO_ONDERZOEK"}) is first
    assert BELEID.toegekend(["WIJKTEAM"], ["WMO_ONDERZOEK"]) is not first


@pytest.mark.parametrize("content", [None, b"p, WIJKTEAM, persoon:lezen \xff", b"p, WIJKTEAM, persoon:leezn"], ids=["weg", "bytes", "fout"])
def test_a_policy_file_that_is_absent_or_broken_stops_the_start(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "beleid.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(OpstartFout):
        Wijkwerk(Settings(map=tmp_path, policy_file=file), [])
    assert not (tmp_path / "wijkwerk.db").exists()


def test_a_policy_file_replaces_every_default_grant(tmp_path: Path) -> None:
    file = tmp_path / "beleid.csv"
    file.write_text("p, FG, persoon:lezen # alleen dit\n", encoding="utf-8")
    rechten = Wijkwerk(Settings(map=tmp_path, policy_file=file), []).toewijzer.policy.rechten
    assert rechten["FG"] == {"persoon:lezen", PUBLIC.naam}
    assert {frozenset(r) for rol, r in rechten.items() if rol != "FG"} == {frozenset({PUBLIC.naam})}
    assert ontleed(lees_tekst(file)) == ([Regel("FG", "persoon:lezen", 1)], [])


def test_the_version_of_a_policy_follows_its_content_and_not_its_order() -> None:
    text = "p, WIJKTEAM, proef:lezen\np, FG, schema:publiek, WMO_ONDERZOEK\nweiger, FG, Persoon.taal"
    kinds = [text, *("\n".join(lines) for n in range(3) for lines in [text.splitlines()] for lines in [lines[:n] + lines[n + 1 :]])]
    kinds += [text.replace("FG, schema", "BEHEER, schema"), text.replace(", WMO_ONDERZOEK", ""), text.replace("taal", "bsn")]
    assert len({load_text(each).versie for each in kinds}) == len(kinds)
    turned = "\n\n".join(f"{line}  # zo" for line in text.splitlines()[::-1])
    assert load_text(turned).versie == load_text(text).versie
    assert [line.tekst for line in load_text(turned).regels] == sorted(text.splitlines())
    assert {line.nummer for line in load_text(turned).regels} == {0}


def test_the_version_of_a_policy_is_the_same_on_every_machine() -> None:
    assert load_text("weiger, FG, Persoon.taal\np, WIJKTEAM, proef:lezen").versie == "7457c0e0f2d7d4b0"


@given(st.text(max_size=80))
def test_no_text_whatever_gives_a_right_that_it_does_not_spell_out(text: str) -> None:
    lines, fouten = ontleed(text)
    try:
        rechten = load(lines, KERN, fouten).rechten
    except OpstartFout:
        return
    granted = {line.rol for line in lines if isinstance(line, Regel) and (line.permissie, line.doel) == ("proef:lezen", "")}
    assert {rol for rol, has in rechten.items() if "proef:lezen" in has} == granted


@pytest.mark.parametrize("naam", ["lezen", "Persoon:lezen", "persoon:", "persoon:*", "persoon lezen", "", "persoon:lezen\n"])
def test_a_permission_has_a_name_of_one_shape(naam: str) -> None:
    with pytest.raises(ValueError, match="permission"):
        Permission(naam, "Proef.")


def test_purposes_of_two_acts_are_never_combined_in_one_activity() -> None:
    with pytest.raises(ValueError, match="different acts"):
        Activiteit("SAMEN", "Alles tegelijk", (WMO_ONDERZOEK, PW_UITVOERING))


@pytest.mark.parametrize(
    ("functies", "gevraagd"),
    [
        ([], None),
        ([], "WMO_ONDERSTEUNING"),
        ([Functie("TOVENAAR", STAD)], None),
        ([Functie("WIJKTEAM", STAD)], "PARTICIPATIE"),
        ([Functie("WIJKTEAM", STAD)], "BESTAAT_NIET"),
        ([Functie("WIJKTEAM", STAD)], ""),
        ([Functie("TEAMLEIDER", STAD)], None),
        ([Functie("WIJKTEAM", STAD), Functie("KLANTMANAGER", STAD)], None),
        ([Functie("WIJKTEAM", STAD), Functie("REGISSEUR", DOCK)], None),
        ([Functie("DOCK", DOCK), Functie("BUURTCOACH", STAD)], "WELZIJNSWERK"),
    ],
    ids=["niets", "niets gevraagd", "rol", "vreemd", "onbekend", "leeg", "kiezen", "twee acten", "twee werkgevers", "twee partners"],
)
def test_without_one_activity_at_one_organisation_there_is_no_actor(functies: Sequence[Functie], gevraagd: str | None) -> None:
    with pytest.raises(GeenRecht):
        assign(*functies, gevraagd=gevraagd)


def test_who_must_choose_an_activity_is_told_which_there_are() -> None:
    with pytest.raises(GeenRecht, match=r"U kunt kiezen uit: PARTICIPATIE, WMO_ONDERSTEUNING\.$"):
        assign(Functie("WIJKTEAM", STAD), Functie("KLANTMANAGER", STAD))
    with pytest.raises(GeenRecht, match="U hebt nu geen rol"):
        assign()


def test_rights_of_a_job_under_another_activity_do_not_count() -> None:
    actor = assign(Functie("WIJKTEAM", STAD, TEAM), Functie("KLANTMANAGER", DOCK), gevraagd="PARTICIPATIE")
    assert actor.rollen == ("KLANTMANAGER",)
    assert (actor.organisatie, actor.teams, actor.doelen) == (DOCK, (), ("PW_UITVOERING",))
    assert not actor.may("proef:lezen")


def test_an_actor_lets_in_the_user_the_teams_and_the_organisation() -> None:
    actor = assign(Functie("WIJKTEAM", STAD, TEAM), Functie("REGISSEUR", STAD, TEAM))
    assert actor.partijen == (WIE, TEAM, STAD)
    assert (actor.plafond, actor.buiten_gemeente) == (7, False)
    assert assign(Functie("MZ_CONSULENT", DOCK)).buiten_gemeente
    assert assign(Functie("MZ_CONSULENT", DOCK)).plafond == N6


def test_an_activity_that_only_a_role_knows_is_refused() -> None:
    wees = replace(KERN, rollen={"WEES": Rol("WEES", "wees", ("WEG",))})
    with pytest.raises(GeenRecht):
        Toewijzer(BELEID, wees).actor(WIE, GEMEENTE, [Functie("WEES", STAD)], None, BEGIN)


SOORT = Categorie("SOORT", "Een soort")
DOEL = Doel("DOEL", "Een doel", Domein.WMO, Grondslag("GEEN", "Geen", ""), (SOORT,))


@pytest.mark.parametrize(
    "lists",
    [
        ([SOORT, Categorie("SOORT", "Iets anders")], [DOEL], [], [], []),
        ([SOORT], [DOEL, Doel("DOEL", "Een doel", Domein.PW, Grondslag("GEEN", "Geen", ""), (SOORT,))], [], [], []),
        ([SOORT], [DOEL], [], [], [Permission("a:lezen", "A."), Permission("a:lezen", "A.", ("WIJKTEAM",))]),
        ([SOORT], [DOEL], [Activiteit("A", "a"), Activiteit("A", "b")], [], []),
        ([SOORT], [DOEL], [], [Rol("R", "r", ()), Rol("R", "r", (), N4)], []),
        ([Categorie("LOS", "Los", doelen=("WEG",))], [], [], [], []),
        ([], [DOEL], [], [], []),
        ([SOORT], [], [Activiteit("A", "a", (DOEL,))], [], []),
        ([], [], [], [Rol("R", "r", ("WEG",))], []),
        ([], [], [], [], [Permission("a:lezen", "A.", ("WEG",))]),
    ],
    ids=[
        "categorie dubbel", "doel dubbel", "permissie dubbel", "activiteit dubbel", "rol dubbel", "categorie zonder doel",
        "doel zonder categorie",
        "activiteit zonder doel", "rol zonder activiteit", "permissie zonder rol",
    ],
)  # fmt: skip
def test_a_code_that_is_declared_twice_or_refers_to_nothing_stops_the_start(lists: tuple[list[Any], ...]) -> None:
    with pytest.raises(OpstartFout):
        catalogue(*lists)


def test_work_that_refers_to_nothing_stops_the_start_instead_of_everybodys_work_list() -> None:
    bron = Werkbron("BRON", Dossier, "geopend", lambda actor: {}, lambda row, catalogue: "Iets doen", ("status",))
    vast: tuple[list[Any], ...] = ([], [], [], [], [], [Dossier])
    assert catalogue(*vast, werkbronnen=[bron]).werkbronnen == {"BRON": bron}
    anders = (replace(bron, wanneer="weg"), replace(bron, velden=("status", "weg")), replace(bron, record=Persoon))
    for fout, wat in zip(anders, ("veld 'weg'", "veld 'weg'", "record 'Persoon'"), strict=True):
        with pytest.raises(OpstartFout, match=f"werkbron BRON noemt {wat}, maar dat is er niet"):
            catalogue(*vast, werkbronnen=[fout])
    with pytest.raises(OpstartFout, match="taaksoort BELLEN noemt categorie 'SOORT', maar dat is er niet"):
        catalogue(*vast, taaksoorten=[Taaksoort("BELLEN", "Bellen", SOORT)])


def test_a_purpose_opens_what_its_own_and_other_declarations_say_and_no_more() -> None:
    made = catalogue([SOORT, Categorie("BIJ", "Erbij", doelen=("DOEL",)), Categorie("DICHT", "Dicht")], [DOEL], [], [], [])
    assert made.matrix["DOEL"] == {"SOORT", "BIJ"}
    assert made.opens(made.doel("DOEL"), ["BIJ", "BIJ"]) == ("BIJ",)
    for refused in ([], ["DICHT"], ["SOORT", "WEG"]):
        with pytest.raises(OngeldigeInvoer):
            made.opens(DOEL, refused)
    with pytest.raises(OngeldigeInvoer, match=r"Noem ten minste een soort gegevens\. Kies uit: BIJ, SOORT\."):
        made.opens(DOEL, [])
    with pytest.raises(OngeldigeInvoer):
        made.doel("WEG")


def test_every_purpose_of_the_core_names_its_legal_ground() -> None:
    assert all(doel.grondslag and doel.uitleg for doel in DOELEN)
