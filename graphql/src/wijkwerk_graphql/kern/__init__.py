"""The core's own fields, given through the same hooks that plugins use (design.md 9)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from wijkwerk.hookspecs import Declaraties, PluginInfo, hookimpl
from wijkwerk_graphql.kern.aanmeldingen import PARTS as AANMELDINGEN
from wijkwerk_graphql.kern.afspraken import PARTS as AFSPRAKEN
from wijkwerk_graphql.kern.berichten import PARTS as BERICHTEN
from wijkwerk_graphql.kern.bijlagen import PARTS as BIJLAGEN
from wijkwerk_graphql.kern.contactgegevens import Contactvelden, Contactwijzigingen
from wijkwerk_graphql.kern.dossiers import Dossiervelden, Dossiervragen
from wijkwerk_graphql.kern.dossierwijzigingen import PARTS as DOSSIERWIJZIGINGEN
from wijkwerk_graphql.kern.dubbelen import PARTS as DUBBELEN
from wijkwerk_graphql.kern.eigen_inzage import PARTS as EIGEN_INZAGE
from wijkwerk_graphql.kern.familie import Familievelden, Familievragen
from wijkwerk_graphql.kern.familiewijzigingen import Gezagwijzigingen, Huishoudwijzigingen, Relatiewijzigingen
from wijkwerk_graphql.kern.gebieden import Gebiedsvelden, Gebiedsvragen, Gebiedswijzigingen
from wijkwerk_graphql.kern.geheimhouding import Geheimhoudingsvelden, Geheimhoudingswijzigingen
from wijkwerk_graphql.kern.geschiedenis import GESCHIEDENIS
from wijkwerk_graphql.kern.ik import Ikvragen
from wijkwerk_graphql.kern.inwoners import PARTS as INWONERS
from wijkwerk_graphql.kern.inzagelog import PARTS as INZAGELOG
from wijkwerk_graphql.kern.jobs import PARTS as JOBS
from wijkwerk_graphql.kern.kalender import PARTS as KALENDER
from wijkwerk_graphql.kern.lekonderzoek import PARTS as LEKONDERZOEK
from wijkwerk_graphql.kern.logbewaring import PARTS as LOGBEWARING
from wijkwerk_graphql.kern.logcontroles import PARTS as LOGCONTROLES
from wijkwerk_graphql.kern.noodtoegang import PARTS as NOODTOEGANG
from wijkwerk_graphql.kern.notities import PARTS as NOTITIES
from wijkwerk_graphql.kern.notitiezoeken import PARTS as NOTITIEZOEKEN
from wijkwerk_graphql.kern.ontmaskering import PARTS as ONTMASKERING
from wijkwerk_graphql.kern.organisaties import PARTS as ORGANISATIES
from wijkwerk_graphql.kern.partners import PARTS as PARTNERS
from wijkwerk_graphql.kern.personeel import PARTS as PERSONEEL
from wijkwerk_graphql.kern.personen import Persoonsvelden, Persoonsvragen
from wijkwerk_graphql.kern.signalen import PARTS as SIGNALEN
from wijkwerk_graphql.kern.taken import PARTS as TAKEN
from wijkwerk_graphql.kern.tellingen import PARTS as TELLINGEN
from wijkwerk_graphql.kern.toegangsverzoeken import PARTS as TOEGANGSVERZOEKEN
from wijkwerk_graphql.kern.toestemmingen import PARTS as TOESTEMMINGEN
from wijkwerk_graphql.kern.uitleg import PARTS as UITLEG
from wijkwerk_graphql.kern.vernietiging import PARTS as VERNIETIGING
from wijkwerk_graphql.kern.verwerkingen import PARTS as VERWERKINGEN
from wijkwerk_graphql.kern.werkaantekeningen import PARTS as WERKAANTEKENINGEN
from wijkwerk_graphql.kern.werklijst import PARTS as WERKLIJST
from wijkwerk_graphql.kern.wijzigingen import Persoonswijzigingen
from wijkwerk_graphql.kern.zoeken import Bekendheidsvragen, Zoekvragen
from wijkwerk_graphql.schema.introspection import INTROSPECTIE


@hookimpl
def plugin_info() -> PluginInfo:
    """The GraphQL API of the core."""
    return PluginInfo("graphql", "De GraphQL-API van de kern.", version("wijkwerk"))


@hookimpl
def declaraties() -> Declaraties:
    """The right to look at the schema."""
    return Declaraties(permissions=(INTROSPECTIE,))


@hookimpl
def graphql_types() -> Sequence[type[Any]]:
    """Queries, mutations, and fields between the records of the core."""
    return [
        Ikvragen, Persoonsvragen, Persoonsvelden, Dossiervragen, Dossiervelden, *NOTITIES, *VERWERKINGEN, *AANMELDINGEN,
        *INZAGELOG, *ONTMASKERING, *TELLINGEN,
        *UITLEG,
        Persoonswijzigingen,
        *DOSSIERWIJZIGINGEN, *PARTNERS, Contactvelden, Contactwijzigingen, *SIGNALEN,
        Gebiedsvragen, Gebiedsvelden, Gebiedswijzigingen,
        Geheimhoudingsvelden, Geheimhoudingswijzigingen, *GESCHIEDENIS, *INWONERS, *JOBS,
        *ORGANISATIES, *PERSONEEL, *BERICHTEN, *DUBBELEN, Familievelden, Familievragen,
        *KALENDER, *AFSPRAKEN, Huishoudwijzigingen, Relatiewijzigingen, Gezagwijzigingen, Zoekvragen, Bekendheidsvragen, *TAKEN, *WERKLIJST,
        *NOODTOEGANG, *LOGBEWARING,
        *TOESTEMMINGEN,
        *TOEGANGSVERZOEKEN, *LEKONDERZOEK, *LOGCONTROLES, *VERNIETIGING, *BIJLAGEN, *NOTITIEZOEKEN, *WERKAANTEKENINGEN, *EIGEN_INZAGE,
    ]  # fmt: skip
