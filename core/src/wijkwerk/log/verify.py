"""Verify an export of the access log, or a proof that was made from it:

    python verify.py EXPORT --key PUBLIC.pem [--checkpoint NOTE ...] [--getuige KEY ...] [--maanden INZAGE=60 ...]
    python verify.py --bewijs PROOF --key PUBLIC.pem [--checkpoint NOTE ...] [--getuige KEY ...]

This one file needs Python 3.11 and the package `cryptography`, nothing else: copy it to a machine the log's keeper can't reach.
It holds the formulas of the log on its own, on purpose: it shares no code, and so no fault, with what writes the log.

    h(-1) = SHA256("wijkwerk-log-stroom/1\\n" ‖ stream ‖ "\\n" ‖ stream key)      h(n) = SHA256(0x00 ‖ h(n-1) ‖ body)
    certificate: identity key over "wijkwerk-log-certificaat/1\\n" ‖ stream ‖ "\\n" ‖ stream key
    head:        stream key over "wijkwerk-log-kop/1\\n" ‖ stream ‖ number (8 bytes) ‖ hash
    a stream of sign-ins: "wijkwerk-log-stroom-aanmelding/1\\n" and "wijkwerk-log-certificaat-aanmelding/1\\n" instead
    tree:        RFC 6962 over the segments' canonical JSON; checkpoints: C2SP signed notes, made with the identity key
    witness:     C2SP tlog-cosignature: Ed25519 over "cosignature/v1\\ntime " ‖ seconds ‖ "\\n" ‖ the text of the note

Six parts, each built on those before it: 1 what is said of a log, 2 the tree, 3 signatures and notes, 4 an export, line by line,
5 a proof, 6 the command. An export is read once: `Verificatie` gives each line to the `Stroom` it is of or to itself, keeps the leaves of
the tree on disk, and holds the tree against what checkpoints say of it (`eis`, `_toets`).
"""

from __future__ import annotations

import argparse
import heapq
import json
import re
import sys
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NamedTuple, Never

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

ORIGIN = "wijkwerk/log"
MARGE = timedelta(minutes=5)  # an entry gets its moment when the request starts, its number when it is written
TERMIJNEN = {"INZAGE": 60, "AANMELDING": 6}  # months that entries of each kind of stream stay, after the month they are of
PREFIX = {"INZAGE": "", "AANMELDING": "-aanmelding"}
MEESTE_MAANDEN = 1_200
MAX_FINDINGS = 200
MAX_LEAVES = 2**28
MAX_LINE = 2**24  # bytes
MAX_NOTE = 2**16
STAP = 100_000  # entries between two reports of how far it is
MAAND = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
STROOM_ID = re.compile(r"[0-9a-z]{1,32}", re.ASCII)
EPOCH, NOOIT = datetime(1970, 1, 1, tzinfo=UTC), 2**63
JAAR_10000 = 253_402_300_800  # seconds
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)

ONBEWEZEN = (
    "Wat deze controle niet kan zien: wat is weggehaald of veranderd na het laatste checkpoint dat u zelf bewaarde of een getuige "
    "bevestigde, als iemand het log vanaf dat punt opnieuw schreef. Zonder zo'n checkpoint geldt dat voor het hele log. "
    "Ook ziet de controle niet wat nooit is vastgelegd."
)

WAT_NU = (
    "Wat nu: controleer eerst of de export, de sleutel, de naam van het log (origin) en de checkpoints bij elkaar horen, en of u geen "
    "checkpoint gebruikt van na de export. Klopt het dan nog niet? Bewaar alles zoals het is, en waarschuw wie over beveiliging gaat."
)


# 1. What is said of a log


class Bevinding(NamedTuple):
    """Something that is not as it was written, and where."""

    plaats: str
    wat: str


class Bevestigd(NamedTuple):
    """How many checkpoints a witness confirmed, the size of the largest, and when that was (seconds since 1970)."""

    aantal: int
    omvang: int
    moment: int


@dataclass
class Rapport:
    """What was read and found. `bewaard`: the size of the largest checkpoint that was kept elsewhere, by a witness too.
    `vervallen`: for each kind of stream the last month whose entries were destroyed, as the log says itself."""

    stromen: int = 0
    regels: int = 0
    segmenten: int = 0
    checkpoints: int = 0
    bewaard: int | None = None
    vervallen: dict[str, str] = field(default_factory=dict)
    bevestigd: dict[str, Bevestigd] = field(default_factory=dict)
    aantal: int = 0
    bevindingen: list[Bevinding] = field(default_factory=list)

    @property
    def goed(self) -> bool:
        return self.aantal == 0

    def meld(self, plaats: str, wat: str) -> None:
        self.aantal += 1
        if self.aantal <= MAX_FINDINGS:
            self.bevindingen.append(Bevinding(plaats, wat))

    def bevestig(self, getuige: str, omvang: int, moment: int) -> None:
        aantal, grootste, wanneer = self.bevestigd.get(getuige, (0, -1, 0))
        grootste, wanneer = max((grootste, wanneer), (omvang, moment))
        self.bevestigd[getuige] = Bevestigd(aantal + 1, grootste, wanneer)
        self.bewaard = max(omvang, self.bewaard or 0)

    def tekst(self) -> str:
        """The report for a person, in Dutch."""
        lines = [
            "Het log klopt." if self.goed else f"Het log klopt NIET: {self.aantal} bevinding(en).",
            f"{self.stromen} stromen, {self.regels} regels, {self.segmenten} segmenten, {self.checkpoints} checkpoints gelezen.",
            "Geen bewaard checkpoint gebruikt." if self.bewaard is None else f"Bewaard checkpoint: tot en met segment {self.bewaard}.",
        ]
        for naam, (aantal, omvang, moment) in sorted(self.bevestigd.items()):
            lines.append(f"Getuige {naam} bevestigde {aantal} checkpoint(s), het laatste tot en met segment {omvang} op {_dag(moment)}.")
        for soort, maand in sorted(self.vervallen.items()):
            lines.append(f"Volgens het log zelf zijn regels van soort {soort} tot en met {maand} vernietigd na hun bewaartermijn.")
        lines += [f"- {plaats}: {wat}" for plaats, wat in self.bevindingen]
        lines += [f"- en nog {self.aantal - MAX_FINDINGS} bevindingen"] * (self.aantal > MAX_FINDINGS)
        return "\n".join([*lines, *[WAT_NU] * (not self.goed), ONBEWEZEN])


def _dag(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%d-%m-%Y %H:%M} UTC"


# 2. The tree


def _knoop(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Boom:
    """An RFC 6962 tree that only grows: one hash for each bit in its size."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        size = self.size
        while size & 1:
            leaf = _knoop(self.peaks.pop(), leaf)
            size >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return sha256(b"").digest()
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = _knoop(peak, root)
        return root


def bewezen(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Is the leaf with this hash at `index` in the tree with this size and root? (RFC 9162 2.1.3.2)"""
    at, last = index, size - 1
    if not 0 <= at <= last:
        return False
    for sibling in path:
        if last == 0:
            return False
        right = at & 1 == 1 or at == last
        leaf = _knoop(sibling, leaf) if right else _knoop(leaf, sibling)
        at, last = _omhoog(at, last, right)
    return last == 0 and leaf == root


def vervolgt(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Is the tree (old, old_root) the beginning of the tree (new, new_root)? (RFC 9162 2.1.4.2)"""
    if old == 0 or old == new:
        return not path and old <= new and old_root == (new_root if old == new else Boom().root())
    path = [old_root, *path] if old & (old - 1) == 0 else path
    if not path or not 0 < old < new:
        return False
    at, last, before, now = old - 1, new - 1, path[0], path[0]
    while at & 1:
        at, last = at >> 1, last >> 1
    for sibling in path[1:]:
        if last == 0:
            return False
        right = at & 1 == 1 or at == last
        before, now = (_knoop(sibling, before), _knoop(sibling, now)) if right else (before, _knoop(now, sibling))
        at, last = _omhoog(at, last, right)
    return last == 0 and (before, now) == (old_root, new_root)


def _omhoog(at: int, last: int, right: bool) -> tuple[int, int]:
    """To the parent; from the last node of a level to the first that has a sibling."""
    while right and at and not at & 1:
        at, last = at >> 1, last >> 1
    return at >> 1, last >> 1


class Bladeren:
    """The leaves of the log's tree, which come in the order of the streams, kept on disk by number: 32 bytes each, and 8 for the
    newest moment up to there in their stream (microseconds)."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.aantal = 0

    def zet(self, nummer: int, leaf: bytes, moment: int) -> bool:
        """False when the number can't be, or is taken."""
        if not 0 <= nummer < MAX_LEAVES or any(self.lees(nummer)[0]):
            return False
        self._file.seek(nummer * 40)
        self._file.write(leaf + moment.to_bytes(8, "big"))
        self.aantal += 1
        return True

    def lees(self, nummer: int) -> tuple[bytes, int]:
        self._file.seek(nummer * 40)
        raw = self._file.read(40) or bytes(40)
        return raw[:32], int.from_bytes(raw[32:], "big")


# 3. Signatures and notes


class Getuige(NamedTuple):
    """A witness whose word counts: its name, the number of its key, and the key."""

    naam: str
    nummer: bytes
    sleutel: Ed25519PublicKey

    def bevestigt(self, body: bytes, handtekening: bytes) -> int | None:
        """When it saw the note with this text (seconds since 1970); None when the signature is not its own."""
        moment = int.from_bytes(handtekening[:8], "big")
        good = _signed(self.sleutel, handtekening[8:], b"cosignature/v1\ntime %d\n" % moment + body)
        return moment if good and moment < JAAR_10000 else None


def lees_getuige(vkey: str) -> Getuige:
    """A C2SP verifier key, `name+number+key`, of the kind that cosignatures are made with (0x04). Raises `ValueError`."""
    naam, nummer, encoded = vkey.strip().split("+", 2)
    raw = _base64(encoded)
    key_id = sha256(naam.encode() + b"\n" + raw).digest()[:4]
    if not naam or len(raw) != 33 or raw[0] != 4 or key_id.hex() != nummer.lower():
        raise ValueError("not the key of a witness")
    return Getuige(naam, key_id, Ed25519PublicKey.from_public_bytes(raw[1:]))


def lees_note(note: str) -> tuple[bytes, list[tuple[str, bytes]]]:
    """The text of a C2SP signed note, and of each signature the name and the bytes. Raises `ValueError`."""
    body, _, signatures = note.rpartition("\n\n")
    if len(note) > MAX_NOTE or not note.endswith("\n"):
        raise ValueError("no note is that long, or ends that way")
    split = [line.split(" ") for line in signatures[:-1].split("\n")]
    if any(len(line) != 3 or line[0] != "—" for line in split):
        raise ValueError("not a signature")
    return f"{body}\n".encode(), [(name, _base64(value)) for _, name, value in split]


def open_note(note: str, origin: str, key: Ed25519PublicKey) -> tuple[int, bytes]:
    """Size and root of a C2SP checkpoint signed by `key`; other signatures (of witnesses) are left alone. Raises `ValueError`."""
    body, signatures = lees_note(note)
    key_id = sha256(origin.encode() + b"\n\x01" + key.public_bytes_raw()).digest()[:4]
    own = [raw[4:] for name, raw in signatures if (name, raw[:4]) == (origin, key_id)]
    named, size, encoded = body.decode().split("\n")[:3]
    root = _base64(encoded)
    signed = bool(own) and all(_signed(key, signature, body) for signature in own)
    if not signed or named != origin or size != str(int(size)) or int(size) < 0 or len(root) != 32:
        raise ValueError("no checkpoint of this log with a good signature")
    return int(size), root


def eigen_naam(note: str, key: Ed25519PublicKey) -> str | None:
    """What a checkpoint calls its log, when `key` signed it under that name."""
    naam = note.partition("\n")[0]
    try:
        open_note(note, naam, key)
    except UNREADABLE:
        return None
    return naam


def bevestigingen(note: str, getuigen: Sequence[Getuige]) -> list[tuple[str, int | None]]:
    """Which of these witnesses signed a note, and when; None where the signature is wrong. Raises `ValueError`."""
    body, signatures = lees_note(note)
    known = {(getuige.naam, getuige.nummer): getuige for getuige in getuigen}
    return [(name, known[name, raw[:4]].bevestigt(body, raw[4:])) for name, raw in signatures if (name, raw[:4]) in known]


def _signed(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _whole(line: dict[str, Any], name: str) -> int:
    if type(line[name]) is not int:
        raise ValueError("not a whole number")
    return int(line[name])


def _hash(line: dict[str, Any], name: str) -> bytes:
    return _sha256(line[name])


def _sha256(text: str) -> bytes:
    value = bytes.fromhex(text)
    if len(value) != 32 or value.hex() != text:
        raise ValueError("not a SHA-256")
    return value


def _base64(text: str) -> bytes:
    """Bytes that can be written in one way only. Raises `ValueError`."""
    value = b64decode(text, validate=True)
    if b64encode(value).decode() != text:
        raise ValueError("not base64")
    return value


def _maand(text: str) -> int:
    """A month as a number that grows by one each month."""
    found = MAAND.fullmatch(text)
    if found is None:
        raise ValueError("not a month")
    return int(found[1]) * 12 + int(found[2])


# 4. An export, line by line


class Segment(NamedTuple):
    """Entries of a stream under one leaf of the log's tree."""

    stroom: str
    eerste: int
    laatste: int
    vorige: bytes
    hash: bytes
    wortel: bytes
    periode: str

    @classmethod
    def lees(cls, line: dict[str, Any]) -> Segment:
        """Raises one of UNREADABLE."""
        _maand(line["periode"])
        vorige, hash_, wortel = (_hash(line, name) for name in ("vorige", "hash", "wortel"))
        return cls(str(line["stroom"]), _whole(line, "eerste"), _whole(line, "laatste"), vorige, hash_, wortel, line["periode"])

    def leaf(self) -> bytes:
        values = {name: value.hex() if isinstance(value, bytes) else value for name, value in self._asdict().items()}
        return sha256(b"\x00" + json.dumps(values, separators=(",", ":"), sort_keys=True).encode()).digest()


class Stroom:
    """The stream that is being read."""

    def __init__(self, verificatie: Verificatie, line: dict[str, Any]) -> None:
        self.id: str = line["id"]
        self.soort: str = line.get("streamsoort", "INZAGE")
        prefix = PREFIX[self.soort]
        if not STROOM_ID.fullmatch(self.id):
            raise ValueError("not the name of a stream")
        self.plaats = f"stroom {self.id}"
        self._alles, self._rapport = verificatie, verificatie.rapport
        self._sleutel = _base64(line.get("sleutel", ""))
        self._gesloten = bool(line.get("gesloten"))
        named = self.id.encode() + b"\n" + self._sleutel
        certificate = f"wijkwerk-log-certificaat{prefix}/1\n".encode() + named
        if not _signed(verificatie.sleutel, _base64(line.get("certificaat", "")), certificate):
            self._meld("de sleutel van deze stroom is niet door dit log uitgegeven, of niet voor deze soort stroom")
        self._hash = self._segment_hash = sha256(f"wijkwerk-log-stroom{prefix}/1\n".encode() + named).digest()
        self._seq, self._segment_seq, self._kop = -1, -1, False
        self._boom, self._periode = Boom(), ""
        self._nieuwste: datetime | None = None
        self._gebeurtenis: str | None = None

    def _meld(self, wat: str, deel: str = "") -> None:
        self._rapport.meld(self.plaats + deel, wat)

    def regel(self, line: dict[str, Any]) -> None:
        self._alles.tel_regel()
        seq, expected, stated = _whole(line, "seq"), self._seq + 1, _hash(line, "hash")
        body = line["body"].encode("utf-8", "surrogateescape")
        deel = f", regel {seq}"
        if seq != expected:
            self._meld(f"staat waar regel {expected} hoort: er is iets weg, dubbel of verplaatst", deel)
        if sha256(b"\x00" + self._hash + body).digest() != stated:
            self._meld("is veranderd of sluit niet aan op de regel ervoor", deel)
        if "zoekindex" in line:
            self._meld("wordt niet goed gevonden: de zoekindex past niet bij de regel", deel)
        self._seq, self._hash = seq, stated
        self._boom.add(sha256(b"\x00" + body).digest())
        self._inhoud(json.loads(body), seq, deel)

    def _inhoud(self, inhoud: dict[str, Any], seq: int, deel: str) -> None:
        if (inhoud["stream"], inhoud["seq"]) != (self.id, seq):
            self._meld("hoort op een andere plaats", deel)
        tijdstip, gebeurtenis, maand = datetime.fromisoformat(inhoud["tijdstip"]), inhoud["gebeurtenis"], inhoud["tijdstip"][:7]
        _maand(maand)
        self._periode = maand if self._periode in ("", maand) else "meer dan een maand"
        if self._nieuwste and tijdstip < self._nieuwste - self._alles.marge:
            self._meld("de klok is teruggezet: deze regel is ouder dan een regel ervoor", deel)
        self._nieuwste = max(tijdstip, self._nieuwste or tijdstip)
        if (seq == 0) != (gebeurtenis == "STROOM_GEOPEND") or self._gebeurtenis == "STROOM_GESLOTEN":
            self._meld("staat voor het begin of na het einde van de stroom", deel)
        if not self._hoort_hier(gebeurtenis, inhoud.get("v")):
            self._meld(f"hoort niet in een stroom van soort {self.soort}", deel)
        self._gebeurtenis = gebeurtenis
        if note := inhoud.get("details", {}).get("checkpoint") if seq == 0 else None:
            self._alles.eis(note, self.plaats + deel, _micros(tijdstip + self._alles.marge))
        if gebeurtenis == "LOG_VERVALLEN":
            self._vervallen(inhoud["details"], maand, deel)

    def _hoort_hier(self, gebeurtenis: str, versie: object) -> bool:
        """Entries of version 1 knew one kind of stream only."""
        aanmelding = gebeurtenis.startswith("AANMELDING_")
        here = aanmelding == (self.soort == "AANMELDING") or (aanmelding and versie == 1)
        return here or gebeurtenis in ("STROOM_GEOPEND", "STROOM_GESLOTEN")

    def _vervallen(self, details: dict[str, Any], nu: str, deel: str) -> None:
        soort, tot_en_met = details.get("soort", "INZAGE"), details["totEnMet"]
        bewaard, termijn = _maand(nu) - _maand(tot_en_met) - 1, self._alles.maanden[soort]
        if bewaard < 0:
            self._meld("laat een maand vervallen die nog niet voorbij was", deel)
            return
        if bewaard < termijn:
            self._meld(f"vernietigt regels van {tot_en_met} te vroeg: na {bewaard} maanden in plaats van {termijn}", deel)
        self._rapport.vervallen[soort] = max(tot_en_met, self._rapport.vervallen.get(soort, ""))

    def segment(self, line: dict[str, Any]) -> None:
        self._rapport.segmenten += 1
        blad, segment = _whole(line, "blad"), Segment.lees(line)
        stroom, eerste, laatste, vorige, hash_, wortel, periode = segment
        deel = f", segment {blad} (regel {eerste} tot en met {laatste})"
        if stroom != self.id or (eerste, vorige) != (self._segment_seq + 1, self._segment_hash) or laatste < eerste:
            self._meld("sluit niet aan op het segment ervoor", deel)
        if self._boom.size == 0:
            self._alles.gaten.setdefault((self.soort, periode), self.plaats + deel)
            self._seq, self._hash, self._gebeurtenis = laatste, hash_, None
        elif (self._boom.size, self._seq, self._hash, self._boom.root()) != (laatste - eerste + 1, laatste, hash_, wortel):
            self._meld("de regels passen niet bij het segment", deel)
        elif self._periode != periode:
            self._meld("de maand van het segment past niet bij de regels", deel)
        self._segment_seq, self._segment_hash = laatste, hash_
        self._boom, self._periode = Boom(), ""
        if not self._alles.bladeren.zet(blad, segment.leaf(), _micros(self._nieuwste or EPOCH)):
            self._meld("het nummer van dit segment kan niet, of komt twee keer voor", deel)

    def kop(self, line: dict[str, Any]) -> None:
        seq, hash_ = _whole(line, "seq"), _hash(line, "hash")
        message = b"wijkwerk-log-kop/1\n" + self.id.encode() + b"\n" + seq.to_bytes(8, "big") + hash_
        if self._kop or (seq, hash_) != (self._seq, self._hash):
            self._meld(f"de stroom eindigt bij regel {self._seq}, maar is getekend tot en met regel {seq}")
        if not _signed(Ed25519PublicKey.from_public_bytes(self._sleutel), _base64(line["handtekening"]), message):
            self._meld("de handtekening onder de laatste regel klopt niet")
        self._kop = True

    def zoekindex(self, line: dict[str, Any]) -> None:
        self._meld("staat in de zoekindex, maar niet in het log", f", regel {_whole(line, 'seq')}")

    def onleesbaar(self, line: dict[str, Any]) -> None:
        self._meld("de database geeft de regels niet: er staat iets dat daar niet kan staan", f", na regel {_whole(line, 'na')}")

    def einde(self) -> None:
        if not self._kop:
            self._meld("de handtekening onder de laatste regel ontbreekt")
        if self._gebeurtenis is not None and self._gesloten != (self._gebeurtenis == "STROOM_GESLOTEN"):
            self._meld("of de stroom gesloten heet, past niet bij de laatste regel")


def _micros(moment: datetime) -> int:
    return max((moment - EPOCH) // timedelta(microseconds=1), 0)


class Verificatie:
    """One reading of an export, line by line. Memory does not grow with the number of entries."""

    def __init__(
        self,
        sleutel: Ed25519PublicKey,
        origin: str,
        marge: timedelta,
        maanden: Mapping[str, int],
        getuigen: Sequence[Getuige],
        file: IO[bytes],
    ) -> None:
        self.sleutel, self.marge, self.maanden = sleutel, marge, {**TERMIJNEN, **maanden}
        self.rapport, self.bladeren = Rapport(), Bladeren(file)
        self.voortgang: Callable[[int], object] = lambda _: None
        self._origin, self._getuigen = origin, getuigen
        self._boom, self._nieuwste, self._goed = Boom(), 0, 0
        self._eisen: list[tuple[int, bytes, str, int, str]] = []  # the tree of this size has this root, says who; not newer than, or else
        self.gaten: dict[tuple[str, str], str] = {}  # kind and month: the first segment whose entries are gone; an entry must say why
        self._stroom: Stroom | None = None
        self._vorige_stroom, self._vorige_omvang = "", -1
        self._nummer, self._klaar = 0, False

    def eis(self, note: str, plaats: str, moment: int = NOOIT) -> int | None:
        """Remember what a checkpoint says, to be held against the tree; its size, or None for one that isn't of this log."""
        try:
            omvang, wortel = open_note(note, self._origin, self.sleutel)
            bevestigd = bevestigingen(note, self._getuigen)
        except UNREADABLE:
            naam = eigen_naam(note, self.sleutel)
            wat = "is niet door dit log getekend" if naam is None else f"noemt het log {naam}: is de naam van het log (origin) gewijzigd?"
            self.rapport.meld(plaats, f"het checkpoint {wat}")
            return None
        grens = (moment, "de klok is teruggezet: de stroom begint eerder dan regels die er toen al waren")
        for getuige, gezien in bevestigd:
            if gezien is None:
                self.rapport.meld(plaats, f"de bevestiging van getuige {getuige} klopt niet")
            else:
                self.rapport.bevestig(getuige, omvang, gezien)
                later = (gezien + 1) * 1_000_000 + self.marge // timedelta(microseconds=1)
                grens = min(grens, (later, f"de klok liep voor: er zijn regels van na het moment waarop getuige {getuige} dit zag"))
        heapq.heappush(self._eisen, (omvang, wortel, plaats, *grens))
        return omvang

    def bewaard(self, notes: Sequence[str]) -> None:
        """Checkpoints that were kept out of the log keeper's reach; before the first line."""
        sizes = [self.eis(note.strip() + "\n", f"bewaard checkpoint {number}") for number, note in enumerate(notes, start=1)]
        known = [size for size in (*sizes, self.rapport.bewaard) if size is not None]
        self.rapport.bewaard = max(known, default=None)

    def lees(self, raw: bytes) -> None:
        """The next line. What can't be read is a finding."""
        self._nummer += 1
        try:
            if len(raw) >= MAX_LINE:
                raise ValueError("no line is that long")
            self._lees(json.loads(raw))
        except UNREADABLE:
            self.rapport.meld(f"regel {self._nummer} van het bestand", "is onleesbaar of staat niet op zijn plaats")

    def tel_regel(self) -> None:
        self.rapport.regels += 1
        if self.rapport.regels % STAP == 0:
            self.voortgang(self.rapport.regels)

    def _lees(self, line: dict[str, Any]) -> None:
        soort = "na het einde" if self._klaar else line["soort"]
        if self._stroom and soort in IN_STROOM:
            IN_STROOM[soort](self._stroom, line)
        elif soort in IN_LOG:
            IN_LOG[soort](self, line)
        elif (soort, line.get("versie")) != ("log", 1):
            raise ValueError("unknown line")

    def _begin(self, line: dict[str, Any]) -> None:
        self._sluit_stroom()
        self.rapport.stromen += 1
        self._stroom = Stroom(self, line)
        if self._stroom.id <= self._vorige_stroom:
            self.rapport.meld(self._stroom.plaats, "de stroom komt twee keer voor of staat niet op volgorde")
        self._vorige_stroom = self._stroom.id

    def _sluit_stroom(self) -> None:
        stroom, self._stroom = self._stroom, None
        if stroom:
            stroom.einde()

    def _checkpoint(self, line: dict[str, Any]) -> None:
        self._sluit_stroom()
        self.rapport.checkpoints += 1
        omvang = self.eis(line["note"], f"checkpoint {self.rapport.checkpoints} van de export")
        if omvang is not None and (omvang <= self._vorige_omvang or line.get("omvang", omvang) != omvang):
            self.rapport.meld(f"checkpoint bij segment {omvang}", "komt twee keer voor of staat niet op volgorde")
        self._vorige_omvang = self._vorige_omvang if omvang is None else omvang
        self._toets(self._vorige_omvang)

    def _knoop(self, line: dict[str, Any]) -> None:
        plaats = f"boom, niveau {_whole(line, 'niveau')}, nummer {_whole(line, 'nummer')}"
        self.rapport.meld(plaats, "de bewaarde boom past niet bij de segmenten: een volgend checkpoint klopt dan niet")

    def _einde(self, line: dict[str, Any]) -> None:
        rapport, self._klaar = self.rapport, True
        counted = (rapport.stromen, rapport.regels, rapport.segmenten, rapport.checkpoints)
        if tuple(line[name] for name in ("stromen", "regels", "segmenten", "checkpoints")) != counted:
            rapport.meld("einde van het bestand", "de aantallen in de export kloppen niet met wat erin staat")

    def _toets(self, tot: int) -> None:
        """Hold what checkpoints up to this size say against the tree. All leaves are known by now."""
        while self._eisen and self._eisen[0][0] <= tot:
            omvang, wortel, plaats, moment, anders = heapq.heappop(self._eisen)
            aantal = self.bladeren.aantal
            self._groei(min(omvang, aantal + 1))
            if omvang > aantal:
                self.rapport.meld(plaats, f"noemt {omvang} segmenten, maar het log heeft er {aantal}: er is iets weg")
            elif self._boom.root() != wortel:
                wat = f"segment {self._goed} tot en met {omvang - 1}: daarin is iets veranderd, de geschiedenis is herschreven"
                self.rapport.meld(plaats, wat)
            else:
                self._goed = omvang
                if moment < self._nieuwste:
                    self.rapport.meld(plaats, anders)

    def _groei(self, omvang: int) -> None:
        while self._boom.size < omvang:
            leaf, nieuwste = self.bladeren.lees(self._boom.size)
            if not any(leaf):
                self.rapport.meld(f"segment {self._boom.size}", "ontbreekt")
            self._boom.add(leaf)
            self._nieuwste = max(self._nieuwste, nieuwste)

    def sluit(self) -> Rapport:
        """The checks that need everything to be read."""
        self._sluit_stroom()
        rapport = self.rapport
        if not self._klaar:
            rapport.meld("einde van het bestand", "de export is niet compleet")
        self._toets(max((eis[0] for eis in self._eisen), default=-1))
        if self.bladeren.aantal != max(self._vorige_omvang, 0):
            rapport.meld("laatste checkpoint", f"hoort bij {self._vorige_omvang} segmenten, maar het log heeft er {self.bladeren.aantal}")
        for naam in sorted({getuige.naam for getuige in self._getuigen} - rapport.bevestigd.keys()):
            rapport.meld(f"getuige {naam}", "bevestigde hier geen enkel checkpoint van, of wat hij bevestigde is weggehaald")
        for (soort, periode), plaats in self.gaten.items():
            if periode > rapport.vervallen.get(soort, ""):
                rapport.meld(plaats, f"regels van {periode} zijn weg, en geen regel in het log zegt waarom")
        return rapport


IN_STROOM = {
    "regel": Stroom.regel, "segment": Stroom.segment, "kop": Stroom.kop, "zoekindex": Stroom.zoekindex, "onleesbaar": Stroom.onleesbaar,
}  # fmt: skip
IN_LOG = {
    "stroom": Verificatie._begin, "checkpoint": Verificatie._checkpoint, "knoop": Verificatie._knoop, "einde": Verificatie._einde,
}  # fmt: skip


@contextmanager
def geopend(
    sleutel: Ed25519PublicKey,
    bewaard: Sequence[str] = (),
    *,
    origin: str = ORIGIN,
    marge: timedelta = MARGE,
    maanden: Mapping[str, int] = TERMIJNEN,
    getuigen: Sequence[Getuige] = (),
) -> Iterator[Verificatie]:
    """For who gives the lines one after another: `lees` each, then `sluit`."""
    with tempfile.TemporaryFile() as file:
        verificatie = Verificatie(sleutel, origin, marge, maanden, getuigen, file)
        verificatie.bewaard(bewaard)
        yield verificatie


def verifieer(
    lines: Iterable[bytes],
    sleutel: Ed25519PublicKey,
    bewaard: Sequence[str] = (),
    *,
    origin: str = ORIGIN,
    marge: timedelta = MARGE,
    maanden: Mapping[str, int] = TERMIJNEN,
    getuigen: Sequence[Getuige] = (),
    voortgang: Callable[[int], object] = lambda _: None,
) -> Rapport:
    """Read an export (an open binary file will do) and report every change, removal, insertion, reordering, cut and fork.

    `sleutel`: the log's public identity key; `bewaard`: checkpoints that were kept out of the log keeper's reach; `maanden`: how long
    entries of each kind of stream must stay; `getuigen`: whose cosignatures count. `voortgang` is told how many entries were read.
    Never raises for what is in the export: what can't be read is a finding.
    """
    with geopend(sleutel, bewaard, origin=origin, marge=marge, maanden=maanden, getuigen=getuigen) as verificatie:
        return lees_alles(verificatie, lines, voortgang)


def lees_alles(verificatie: Verificatie, lines: Iterable[bytes], voortgang: Callable[[int], object]) -> Rapport:
    """Read all lines; of a file never more than `MAX_LINE` at once."""
    verificatie.voortgang = voortgang
    read = getattr(lines, "readline", None)
    for raw in lines if read is None else iter(partial(read, MAX_LINE), b""):
        verificatie.lees(raw)
    return verificatie.sluit()


# 5. A proof


class Oordeel(NamedTuple):
    """What is said of a proof: whether it holds, and sentences in Dutch about it."""

    goed: bool
    zinnen: tuple[str, ...]

    def tekst(self) -> str:
        return "\n".join(["Het bewijs klopt." if self.goed else "Het bewijs klopt NIET.", *self.zinnen])


def toets_bewijs(
    raw: bytes, sleutel: Ed25519PublicKey, bewaard: Sequence[str] = (), *, origin: str = ORIGIN, getuigen: Sequence[Getuige] = ()
) -> Oordeel:
    """Judge a proof of one entry, or of two checkpoints of one log. `bewaard`: checkpoints that it must agree with. Never raises."""
    try:
        if len(raw) >= MAX_LINE:
            raise ValueError("no proof is that long")
        bewijs = json.loads(raw, object_pairs_hook=_eenmaal)
        fouten, zinnen, notes = BEWIJZEN[bewijs["soort"], bewijs["versie"]](bewijs, partial(open_note, origin=origin, key=sleutel))
        opened = {open_note(note, origin, sleutel) for note in notes}
        kept = [open_note(note.strip() + "\n", origin, sleutel) for note in bewaard]
        fouten += [zin for note in kept if (zin := _past(note, opened))]
        for note in notes:
            for getuige, moment in bevestigingen(note, getuigen):
                (fouten if moment is None else zinnen).append(
                    f"De bevestiging van getuige {getuige} klopt niet."
                    if moment is None
                    else f"Getuige {getuige} zag dit op {_dag(moment)}."
                )
    except UNREADABLE:
        return Oordeel(
            False,
            ("Dit is geen bewijs van dit log, het is beschadigd, of een checkpoint is niet door dit log getekend.",),
        )
    return Oordeel(not fouten, (*fouten, *zinnen))


def _eenmaal(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A proof is read by people too: what stands in it twice could be read as the other one. Raises `ValueError`."""
    if len(found := dict(pairs)) != len(pairs):
        raise ValueError("a name twice")
    return found


def _past(bewaard: tuple[int, bytes], opened: set[tuple[int, bytes]]) -> str:
    """What is wrong between a checkpoint that was kept and those of a proof."""
    if bewaard in opened:
        return ""
    if bewaard[0] in {omvang for omvang, _ in opened}:
        return "Uw checkpoint is anders dan dat van het bewijs, bij evenveel segmenten: er zijn twee geschiedenissen."
    return f"Uw checkpoint ({bewaard[0]} segmenten) hoort niet bij dit bewijs. Vraag ook een bewijs van samenhang met uw checkpoint."


Bewezen = tuple[list[str], list[str], list[str]]
Openen = Callable[[str], tuple[int, bytes]]


def _pad(bewijs: dict[str, Any], name: str) -> list[bytes]:
    if len(bewijs[name]) > 64:
        raise ValueError("no path is that long")
    return [_sha256(each) for each in bewijs[name]]


def _regel(bewijs: dict[str, Any], openen: Openen) -> Bewezen:
    body, segment, plek = bewijs["body"].encode("utf-8", "surrogateescape"), Segment.lees(bewijs["segment"]), _whole(bewijs, "plek")
    inhoud, (omvang, wortel) = json.loads(body), openen(bewijs["checkpoint"])
    fouten = []
    if (inhoud["stream"], inhoud["seq"]) != (segment.stroom, segment.eerste + plek):
        fouten.append("De regel hoort op een andere plaats.")
    leaf, aantal = sha256(b"\x00" + body).digest(), segment.laatste - segment.eerste + 1
    if not bewezen(leaf, plek, aantal, _pad(bewijs, "segmentpad"), segment.wortel):
        fouten.append("De regel staat niet in dit segment.")
    if not bewezen(segment.leaf(), _whole(bewijs, "blad"), omvang, _pad(bewijs, "boompad"), wortel):
        fouten.append("Het segment staat niet onder dit checkpoint.")
    zin = f"Regel {segment.eerste + plek} van stroom {segment.stroom} staat onder het checkpoint van {omvang} segmenten."
    return fouten, [zin] * (not fouten), [bewijs["checkpoint"]]


def _samenhang(bewijs: dict[str, Any], openen: Openen) -> Bewezen:
    oud, nieuw = openen(bewijs["oud"]), openen(bewijs["nieuw"])
    good = vervolgt(oud[0], nieuw[0], oud[1], nieuw[1], _pad(bewijs, "pad"))
    zin = f"De eerste {oud[0]} van de {nieuw[0]} segmenten zijn niet veranderd."
    return [] if good else ["Het nieuwe checkpoint gaat niet verder op het oude."], [zin] * good, [bewijs["oud"], bewijs["nieuw"]]


BEWIJZEN: dict[tuple[str, int], Callable[[dict[str, Any], Openen], Bewezen]] = {("bewijs", 1): _regel, ("samenhang", 1): _samenhang}


# 6. The command


class Onleesbaar(Exception):
    """What was given can't be read; its text says which file, in Dutch."""


def lees_termijn(tekst: str) -> tuple[str, int]:
    """`SOORT=MAANDEN`. Raises `ValueError`."""
    soort, _, maanden = tekst.partition("=")
    if soort not in TERMIJNEN or not 1 <= int(maanden) <= MEESTE_MAANDEN:
        raise ValueError("not a term")
    return soort, int(maanden)


class _Opties(argparse.ArgumentParser):
    """Says in Dutch what to do with an option that is not right."""

    def error(self, message: str) -> Never:
        self.exit(2, f"{message}\nKijk met --help hoe het moet.\n")

    def gelezen(self, lees: Callable[[str], Any], gegeven: Sequence[str], anders: str) -> list[Any]:
        try:
            return [lees(each) for each in gegeven]
        except ValueError:
            self.error(anders)


def _opties(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _Opties(description="Controleer een export van het inzagelog, of een bewijs daaruit.", epilog=ONBEWEZEN)
    parser.add_argument("export", type=Path, nargs="?", help="het bestand van `wijkwerk log export`")
    parser.add_argument("--bewijs", type=Path, help="het bestand van `wijkwerk log bewijs` of `wijkwerk log samenhang`")
    parser.add_argument("--key", type=Path, help="publieke sleutel van het log (PEM); altijd nodig")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="een checkpoint dat u zelf bewaarde; mag vaker")
    parser.add_argument("--getuige", action="append", default=[], help="sleutel van een getuige (naam+nummer+sleutel); mag vaker")
    parser.add_argument("--maanden", action="append", default=[], help="bewaartermijn, zoals INZAGE=60; mag vaker")
    parser.add_argument("--origin", default=ORIGIN, help="naam van het log in de checkpoints")
    options = parser.parse_args(arguments)
    if (options.export is None) == (options.bewijs is None):
        parser.error("Geef een export of --bewijs, en niet allebei.")
    if options.key is None:
        parser.error("Geef de sleutel van het log: --key sleutel.pem. De beheerder toont hem met `wijkwerk log key`.")
    anders = "--getuige is een sleutel als naam+nummer+sleutel. Vraag hem aan de getuige."
    options.getuige = parser.gelezen(lees_getuige, options.getuige, anders)
    options.maanden = parser.gelezen(lees_termijn, options.maanden, "Schrijf --maanden als INZAGE=60 of AANMELDING=6.")
    return options


def _lees(path: Path) -> bytes:
    """Raises Onleesbaar."""
    try:
        return path.read_bytes()
    except OSError:
        raise Onleesbaar(f"Het bestand {path} kan niet worden gelezen. Controleer de naam.") from None


def _sleutel(path: Path) -> Ed25519PublicKey:
    """Raises Onleesbaar."""
    raw = _lees(path)
    try:
        key = load_pem_public_key(raw)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise Onleesbaar(f"{path} is niet de sleutel van een log. Gebruik wat `wijkwerk log key` toont.")
    return key


def _note(path: Path) -> str:
    """Raises Onleesbaar."""
    try:
        return _lees(path).decode("utf-8")
    except UnicodeDecodeError:
        raise Onleesbaar(f"{path} is geen checkpoint. Gebruik een bestand van `wijkwerk log checkpoint`.") from None


def _oordeel(options: argparse.Namespace, key: Ed25519PublicKey, notes: Sequence[str]) -> Rapport | Oordeel:
    """Raises Onleesbaar."""
    asked = options.export or options.bewijs
    try:
        with asked.open("rb") as file:
            if options.export is None:
                return toets_bewijs(file.read(MAX_LINE), key, notes, origin=options.origin, getuigen=options.getuige)
            told = partial(print, "regels gelezen:", file=sys.stderr)
            terms = dict(options.maanden)
            return verifieer(file, key, notes, origin=options.origin, maanden=terms, getuigen=options.getuige, voortgang=told)
    except OSError:
        raise Onleesbaar(f"Het bestand {asked} kan niet worden gelezen. Controleer de naam.") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0: verified; 1: findings; 2: what was given can't be read."""
    options = _opties(arguments)
    try:
        oordeel = _oordeel(options, _sleutel(options.key), [_note(path) for path in options.checkpoint])
    except Onleesbaar as error:
        print(error, file=sys.stderr)
        return 2
    print(oordeel.tekst())
    return 0 if oordeel.goed else 1


if __name__ == "__main__":
    sys.exit(main())
