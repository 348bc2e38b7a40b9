"""What the matrix does not compare value for value, each with the reason: a closed list. What is not in it is compared, or fails."""

from __future__ import annotations

from collections.abc import Mapping

TEKST = "every text and number in it is traced to the row that it came from"
RIJEN = "the records in it are compared value for value; " + TEKST
GEEN_PERSOON = "it holds no row about a person"
TELLING = "counts of whole groups; core/tests/test_domein_tellingen.py holds that no small one is shown"

LOG = "what the log holds, for oversight: pseudonyms; core/tests/log/test_log_lekonderzoek.py holds which"

CONTROLE = "pseudonyms, numbers and codes of the log, for oversight; core/tests/test_toezicht_controles.py holds which"

EIGEN = "what the log holds of who asks, in words; core/tests/test_inzage_wereld.py holds that nobody else is in it"

UITKOMSTEN: Mapping[str, str] = {
    "ActiviteitUitleg": GEEN_PERSOON,
    "Beslisrecht": RIJEN,
    "Beslisser": RIJEN,
    "CategorieUitleg": GEEN_PERSOON,
    "ControleOnderdeel": CONTROLE,
    "Controlepagina": CONTROLE,
    "DoelCategorie": GEEN_PERSOON,
    "DoelUitleg": GEEN_PERSOON,
    "EigenNaamverzoek": EIGEN,
    "Familieband": RIJEN,
    "Gegevensversie": TEKST,
    "GrondslagUitleg": GEEN_PERSOON,
    "GevondenNotities": RIJEN,
    "Ik": GEEN_PERSOON,
    "InzageBetrokkene": "pseudonyms, which no other answer shows",
    "InzageBijzonderheid": "what an entry says besides, such as the names of fields that were searched; " + TEKST,
    "InzageDeur": "numbers and codes of a betrokkenheid: what an auditor looks for",
    "InzageGetoond": "names of fields and the numbers of betrokkenheden; " + TEKST,
    "InzageOpDag": EIGEN,
    "InzageOrganisatie": EIGEN,
    "InzageMisser": "counts of an entry; core/tests/test_toezicht_missers.py holds that it tells of nobody",
    "InzagePagina": GEEN_PERSOON,
    "InzageRegel": TEKST,
    "Leescijfers": CONTROLE,
    "LekInwoner": LOG,
    "LekInzage": LOG,
    "Lekpagina": LOG,
    "Logcontrole": CONTROLE,
    "LogTermijn": GEEN_PERSOON,
    "Logtreffer": CONTROLE,
    "LopendeNoodtoegang": "what who asks opened; core/tests/test_noodtoegang_openen.py holds that",
    "Meldcodestand": "days of steps that are compared themselves, as Meldcodestap",
    "MijnInzage": EIGEN,
    "MisserPagina": GEEN_PERSOON,
    "MogelijkeDubbele": RIJEN,
    "Naamkeuze": RIJEN,
    "Noodmogelijkheden": "what who asks opened; core/tests/test_noodtoegang_openen.py holds that",
    "NotitieBijAnder": "numbers alone; core/tests/test_sleutelbeheer_vernietigen.py holds which",
    "OnverklaardeInzage": CONTROLE,
    "Ontvangstbewijs": TEKST,
    "Partnerrelatie": RIJEN,
    "TeVernietigen": "how many rows there are; core/tests/test_sleutelbeheer_vernietigen.py holds which",
    "TellingCel": TELLING,
    "TellingUitkomst": TELLING,
    "ToegangUitleg": "a reason from a closed list; core/tests/test_access_uitleg.py holds that it tells no more than who asks sees",
    "ToestemmingNodig": "rules about a purpose; " + TEKST,
    "Toestemmingsgerechtigde": RIJEN,
    "Veldherkomst": "names of fields, and since when; core/tests/test_records_geschiedenis_bereik.py holds which",
    "Vernietigingsvoornemen": "numbers alone; core/tests/test_sleutelbeheer_vernietigen.py holds which",
    "Verschil": TEKST,
    "Werkregel": RIJEN,
}
"""Answers that are no record."""

ALLEEN_VOOR_BEWONERS = frozenset(type_ for type_, waarom in UITKOMSTEN.items() if waarom is EIGEN)
"""Answers for an account that is a resident's own: nobody of the matrix has one, whatever the rights."""

ALLEEN_NA_WIJZIGING: Mapping[str, str] = {
    "AfspraakVastgelegd": "the records in it are read after the commit, under the same scope",
    "IsBekend": "the answer to a question; core/tests/test_zoeken_bekendheid.py holds that it tells no more",
    "NoodtoegangAntwoord": "whether and until when; core/tests/test_noodtoegang_openen.py holds that it tells no more",
    "Ontmaskerd": "who another decided may be seen; core/tests/test_toezicht_ontmaskeren.py holds by whom and how little",
    "SignaalOntvangst": "always the same; core/tests/test_signalen_afgeven.py holds that",
    "VernietigingUitkomst": "receipts, by pseudonym; core/tests/test_sleutelbeheer_vernietigen.py holds what they say",
    "VerzoekOmToegang": "always the same; core/tests/test_partners_verzoeken.py holds that",
}
"""Answers that only a mutation gives."""

EIGEN_VELDEN: Mapping[str, str] = {
    "Aanstelling.medewerker": "the number of a user",
    "Bericht.bezorging": "a closed list of how a mail went, of a row that is compared itself",
    "Dossier.mogelijkeStappen": "follows from the status, which is compared",
    "Noodtoegang.functie": "the name of a role, which is compared",
    "Notificatie.tekst": "a text for each kind of notice, without a resident",
    "Notificatie.voorCollega": "whether the notice is for a colleague, of a row that is compared itself",
    "Persoon.waarschuwing": "a text for each kind; core/tests/test_domein_geheimhouding.py holds who gets it",
}
"""Values of a record that are no column and are not made of columns alone."""

EIGEN_NUMMERS: Mapping[str, str] = {
    "inzagelog": "the log names which betrokkenheid let somebody in: that is what an auditor looks for",
    "lekonderzoek": "the same, after a leak",
    "missers": "the same, of what was asked in vain",
    "logcontrole": "the same, of what a check found",
    "vernietigingBekijken": "notes that stay readable with others: a person has to decide on them",
    "noodtoegangMogelijkheden": "the break-glass that who asks opened, and of whom",
}
"""Questions whose answers hold numbers of rows that who asks does not see; texts are traced in them too."""

EIGEN_TEKSTEN: Mapping[str, str] = {"inzagelog": "Betrokkenheid.grondslag", "missers": "Betrokkenheid.grondslag"}
"""Questions that say on which ground somebody was let in, as the log does: the code of a legal ground, for who oversees."""

EIGEN_RIJEN: Mapping[str, str] = {
    "crisisnotitieSchrijven": "the one note that goes with a break-glass of one's own",
    "noodtoegangSluiten": "a break-glass is closed by who opened it, through no door: only others' look absent",
    "ontmaskeringBekijken": "the one resident whom another decided may be seen",
    "vernietigingBekijken": "who destroys keys is let in to nobody, and is told numbers",
}
"""Fields for which no door is asked: mostly mutations of a row of one's own."""
