"""Who asks: one user, acting for one organisation, in one municipality, under one activity."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from secrets import token_hex
from uuid import UUID

from wijkwerk.access.catalogue import Catalogue
from wijkwerk.access.levels import N0, Niveau
from wijkwerk.access.policy import Policy
from wijkwerk.access.purposes import Activiteit
from wijkwerk.errors import GeenRecht
from wijkwerk.klok import dag


@dataclass(frozen=True, slots=True)
class Functie:
    """A role that a user holds now in an organisation, possibly in a team."""

    rol: str
    organisatie: UUID
    team: UUID | None = None


@dataclass(frozen=True, slots=True)
class Vervangt:
    """Somebody who is away today and whose work the user takes over: the role that the absent one holds now in an organisation."""

    afwezige: UUID
    organisatie: UUID
    rol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Aanroep:
    """Where a request comes from and what it belongs to, for the log; nothing is decided by it.

    `trace` is shared by all that one action sets in motion, `span` is what we do of it, `ouder` the span of who called us (hex; W3C Trace
    Context). `netwerkadres`: an IP address. `kanaal` is empty for a request over the network.
    """

    trace: str = ""
    span: str = ""
    ouder: str = ""
    netwerkadres: str = ""
    kanaal: str = ""

    @classmethod
    def opdrachtregel(cls) -> Aanroep:
        """A command of the operator: nobody called, so that a trace begins here."""
        return cls(trace=token_hex(16), span=token_hex(8), kanaal="opdrachtregel")

    def onder(self) -> Aanroep:
        """For a next action that this one sets in motion: each has a span of its own (LDV; domain.md 3.2)."""
        return replace(self, span=token_hex(8), ouder=self.span)

    @property
    def traceparent(self) -> str:
        """For the answer, and for a call of ours to another system."""
        return f"00-{self.trace}-{self.span}-01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Everything that decides what this request may see. Made once per request, never changed.

    `partijen` are the parties whose betrokkenheid counts: the user, the teams, the organisation, and who the user stands in for
    (`vervangt`). What is held back from an absent one is held back from who stands in, too.
    `geweigerd`: the fields (`Soort.veld`) that this request never sees, whatever the level.
    `organisatie` is also the controller of what the actor writes (AVG art. 4(7); domain.md 4.6).
    """

    gebruiker: UUID
    gemeente: UUID
    organisatie: UUID
    teams: tuple[UUID, ...] = ()
    rollen: tuple[str, ...]
    activiteit: str
    doelen: tuple[str, ...]
    rechten: frozenset[str]
    geweigerd: frozenset[str] = frozenset()
    plafond: Niveau = N0
    buiten_gemeente: bool = True
    moment: datetime
    beleid: str
    aanroep: Aanroep = Aanroep()
    vervangt: tuple[UUID, ...] = ()
    partijen: tuple[UUID, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "partijen", (*self.zelf, *self.vervangt))

    @property
    def zelf(self) -> tuple[UUID, ...]:
        """The parties without who is away: for what is not taken over."""
        return (self.gebruiker, *self.teams, self.organisatie)

    @property
    def vandaag(self) -> date:
        """The date of law of this request."""
        return dag(self.moment)

    def may(self, permission: str) -> bool:
        """Whether a right is held; what nobody declared is never held."""
        return permission in self.rechten

    def never_sees(self, soort: str, veld: str) -> bool:
        """Whether the policy refuses a role of the actor this field (`weiger, ROL, Soort.veld`)."""
        return f"{soort}.{veld}" in self.geweigerd


class Toewijzer:
    """Turns a user's employments into an Actor, by the policy and what the catalogue says on the day of the request."""

    def __init__(self, policy: Policy, catalogue: Catalogue) -> None:
        self.policy, self.catalogue = policy, catalogue

    def actor(
        self,
        gebruiker: UUID,
        gemeente: UUID,
        aanstellingen: Sequence[Functie],
        gevraagd: str | None,
        moment: datetime,
        *,
        organisatie: UUID | None = None,
        thuis: UUID | None = None,
        afwezigen: Sequence[Vervangt] = (),
        aanroep: Aanroep = Aanroep(),
    ) -> Actor:
        """The actor for this request. `gevraagd` is the activity that the request names, if it names one; so is `organisatie`.

        `thuis` is who took the user on first: a job elsewhere, which its administrator can give without asking, changes nothing of
        a request that does not name that organisation.
        Only employments whose role has the activity count, and of one organisation: rights of two jobs never add up. So do absent
        ones (`afwezigen`) only who hold every role that this request is done in, in the same organisation. Of two roles that nobody
        holds together (domain.md 9.6) the one at home counts; where that is both or neither, none does.
        Purposes whose version or ground does not hold today are left out.
        Raises GeenRecht when there is no such employment, the activity does not hold today, or the request must name the activity or the
        organisation and does not.
        """
        nu = self.catalogue.op(dag(moment))
        alle = _telt(nu, aanstellingen, thuis)
        activiteit, geldig = _keuze(nu, [a for a in alle if organisatie in (None, a.organisatie)], gevraagd, thuis)
        rollen = [nu.rollen[a.rol] for a in geldig]
        doelen = tuple(doel.code for doel in activiteit.doelen)
        toegekend = self.policy.toegekend((rol.code for rol in rollen), doelen)
        return Actor(
            gebruiker=gebruiker,
            gemeente=gemeente,
            organisatie=geldig[0].organisatie,
            teams=tuple(sorted({a.team for a in geldig if a.team})),
            rollen=tuple(sorted({rol.code for rol in rollen})),
            activiteit=activiteit.code,
            doelen=doelen,
            rechten=toegekend.rechten,
            geweigerd=toegekend.geweigerd,
            plafond=max(rol.plafond for rol in rollen),
            buiten_gemeente=not all(rol.gemeentelijk for rol in rollen),
            moment=moment,
            beleid=self.policy.versie,
            aanroep=aanroep,
            vervangt=_vervangt(_verenigbaar(nu, afwezigen, {a.rol for a in alle}), geldig),
        )


def gaat_samen(nu: Catalogue, rol: str, met: Iterable[str]) -> bool:
    """Whether somebody may hold a role beside these (separation of duties, domain.md 9.6). What is no role goes with everything."""
    anderen = [nu.rollen[code] for code in met if code != rol and code in nu.rollen]
    eigen = nu.rollen.get(rol)
    return eigen is None or not any(eigen.alleen or ander.alleen or ander.code in eigen.niet_met for ander in anderen)


def _telt(nu: Catalogue, aanstellingen: Sequence[Functie], thuis: UUID | None) -> Sequence[Functie]:
    """The employments that count, in roles that there are: only the one that excludes every other, if there is one; and of two that
    exclude each other the one at home, so that a partner cannot take a municipal job away by giving another."""
    bekend = [a for a in aanstellingen if a.rol in nu.rollen]
    if alleen := [a for a in bekend if nu.rollen[a.rol].alleen]:
        return alleen
    return [a for a in bekend if gaat_samen(nu, a.rol, [b.rol for b in bekend if a.organisatie != thuis or b.organisatie == thuis])]


def _keuze(
    nu: Catalogue, aanstellingen: Sequence[Functie], gevraagd: str | None, thuis: UUID | None
) -> tuple[Activiteit, Sequence[Functie]]:
    """The activity of this request, and the employments of one organisation that it is done in. Raises GeenRecht."""
    activiteit = _activiteit(nu, aanstellingen if gevraagd else _eerst(aanstellingen, thuis), gevraagd)
    geldig = _eerst([a for a in aanstellingen if activiteit.code in nu.rollen[a.rol].activiteiten], thuis)
    if len({a.organisatie for a in geldig}) != 1:
        raise GeenRecht("U werkt hiervoor bij meer dan één organisatie. Noem er één in de header 'Organisatie', met haar nummer.")
    return activiteit, geldig


def _activiteit(nu: Catalogue, aanstellingen: Sequence[Functie], gevraagd: str | None) -> Activiteit:
    mogelijk = {code for a in aanstellingen for code in nu.rollen[a.rol].activiteiten if code in nu.activiteiten}
    if not mogelijk:
        raise GeenRecht("U hebt nu geen rol. Vraag functioneel beheer om hulp.")
    if gevraagd is None and len(mogelijk) != 1:
        keuze = ", ".join(sorted(mogelijk))
        raise GeenRecht(f"Noem de activiteit van dit verzoek in de header 'Verwerkingsactiviteit'. U kunt kiezen uit: {keuze}.")
    code = gevraagd if gevraagd is not None else min(mogelijk)
    if code not in mogelijk:
        raise GeenRecht("Deze verwerkingsactiviteit hoort niet bij uw rol. Kies een activiteit van uw eigen rol.")
    return nu.activiteiten[code]


def _verenigbaar(nu: Catalogue, afwezigen: Sequence[Vervangt], eigen: Collection[str]) -> list[Vervangt]:
    """Who is away and holds no role that nobody holds beside one's own: standing in gives nothing that assignment refuses."""
    niet = {een.afwezige for een in afwezigen if not gaat_samen(nu, een.rol, eigen)}
    return [een for een in afwezigen if een.afwezige not in niet]


def _eerst(aanstellingen: Sequence[Functie], thuis: UUID | None) -> Sequence[Functie]:
    """The employments at this organisation, or all of them where it has none."""
    return [a for a in aanstellingen if a.organisatie == thuis] or aanstellingen


def _vervangt(afwezigen: Sequence[Vervangt], eigen: Sequence[Functie]) -> tuple[UUID, ...]:
    """Who holds all these roles, in the same organisation: with a role less, an absent one would see less than who stands in."""
    nodig = {(functie.organisatie, functie.rol) for functie in eigen}
    held: dict[UUID, set[tuple[UUID, str]]] = {}
    for one in afwezigen:
        held.setdefault(one.afwezige, set()).add((one.organisatie, one.rol))
    return tuple(sorted(afwezige for afwezige, rollen in held.items() if nodig <= rollen))
