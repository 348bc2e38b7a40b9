"""The legal grounds of the core (domain.md 2.2). What is not known there is not said here; an installation adds its own as data.

The Wams (bill 36 295) is not in force, so it is not among them: `access/registerbestand.py` tells how to add it once it is.
"""

from __future__ import annotations

from wijkwerk.access.purposes import Grondslag, Instemming

WMO_ONDERZOEK = Grondslag(
    "WMO_ONDERZOEK", "De gemeente moet volgens de Wmo onderzoeken welke hulp u nodig hebt. Daarvoor is geen toestemming nodig.",
    "6(1)(e)", "Wmo 2015 art. 5.1.1 lid 1-3", "9(2)(h)/(g); UAVG art. 30", bijzonder=True,
)  # fmt: skip
WMO_MANTELZORGER = Grondslag(
    "WMO_MANTELZORGER", "De gemeente mag volgens de Wmo gegevens gebruiken over de zorg die u aan een ander geeft, "
    "maar niet over uw eigen gezondheid.", "6(1)(e)", "Wmo 2015 art. 5.1.1 lid 2 en 2.1.6",
)  # fmt: skip
WMO_ALG_VOORZIENING = Grondslag(
    "WMO_ALG_VOORZIENING", "U doet mee aan een voorziening in de buurt. Die gebruikt alleen wat u zelf vertelt, niets over uw gezondheid.",
    "6(1)(e)/(b)/(f)", "Wmo 2015 art. 5.1.2 lid 2",
)  # fmt: skip
WMO_MAATWERK_AANBIEDER = Grondslag(
    "WMO_MAATWERK_AANBIEDER", "Een zorginstelling geeft u hulp op maat. Zij gebruikt daarvoor wat zij nodig heeft, ook over uw gezondheid.",
    "6(1)(e)/(c)", "Wmo 2015 art. 5.1.2 lid 1, 5.2.1 lid 2a en 5.2.2", bijzonder=True,
)  # fmt: skip
DOMEIN_KRUISING = Grondslag(
    "DOMEIN_KRUISING", "Gegevens van een andere wet, zoals over uw uitkering, gebruiken we voor de Wmo alleen als u dat goed vindt.",
    "", "Wmo 2015 art. 5.1.1 lid 4", instemming=Instemming.UITDRUKKELIJKE_TOESTEMMING,
)  # fmt: skip
ZORG_UITWISSELING = Grondslag(
    "ZORG_UITWISSELING", "Uw zorgverlener krijgt alleen gegevens van de gemeente als u dat uitdrukkelijk goed vindt.", "",
    "Wmo 2015 art. 5.2.5 lid 1-2", bijzonder=True, instemming=Instemming.UITDRUKKELIJKE_TOESTEMMING,
)  # fmt: skip
PW_UITVOERING = Grondslag(
    "PW_UITVOERING", "De gemeente voert de Participatiewet uit. Daarvoor is geen toestemming nodig. Zij gebruikt alleen wat echt nodig is.",
    "6(1)(e)/(c)", "Participatiewet art. 7, 9, 9a, 44a en 53a",
)  # fmt: skip
PW_DERDEN = Grondslag(
    "PW_DERDEN", "Gegevens van de Participatiewet gaan alleen naar anderen als u hebt opgeschreven dat u daar geen bezwaar tegen hebt.", "",
    "Participatiewet art. 65", instemming=Instemming.SCHRIFTELIJK_GEEN_BEZWAAR,
)  # fmt: skip
JEUGD = Grondslag(
    "JEUGD", "De gemeente geeft hulp aan kinderen en gezinnen. Voor de hulp zelf is toestemming nodig, voor de gegevens niet.",
    "6(1)(e)", "Jeugdwet art. 7.3 en 7.4", "9(2)(h)", bijzonder=True,
)  # fmt: skip
VRIJWILLIGER = Grondslag("VRIJWILLIGER", "U doet vrijwilligerswerk. De gegevens horen bij de afspraak die u daarover maakte.", "6(1)(b)")
BUURTGROEP = Grondslag("BUURTGROEP", "U doet mee aan een groep in de buurt.", "6(1)(a) of (f)")
ISOLATIE_OUTREACH = Grondslag(
    "ISOLATIE_OUTREACH", "De gemeente zoekt mensen op die alleen staan. Als een ander over u vertelde, hoort u dat van ons.",
    "6(1)(e) of (f)", "Wmo 2015 art. 2.2.1 en 2.1.2; AVG art. 14",
)  # fmt: skip
MELDCODE = Grondslag(
    "MELDCODE", "Bij een vermoeden van huiselijk geweld of kindermishandeling mogen mensen dat ook zonder toestemming melden.",
    "6(1)(d)/(e)", "Wmo 2015 art. 5.2.6", "9(2)(c)/(g)", bijzonder=True,
)  # fmt: skip
WETTELIJKE_PLICHT = Grondslag(
    "WETTELIJKE_PLICHT", "Soms moet de gemeente volgens de wet gegevens geven, zoals aan een toezichthouder.", "6(1)(c)",
    "Wmo 2015 art. 5.2.1 lid 2d",
)  # fmt: skip
INZAGE = Grondslag("INZAGE", "U mag uw eigen gegevens zien.", "6(1)(c)", "AVG art. 15", bijzonder=True)

GRONDSLAGEN = (
    WMO_ONDERZOEK, WMO_MANTELZORGER, WMO_ALG_VOORZIENING, WMO_MAATWERK_AANBIEDER, DOMEIN_KRUISING, ZORG_UITWISSELING, PW_UITVOERING,
    PW_DERDEN, JEUGD, VRIJWILLIGER, BUURTGROEP, ISOLATIE_OUTREACH, MELDCODE, WETTELIJKE_PLICHT, INZAGE,
)  # fmt: skip
