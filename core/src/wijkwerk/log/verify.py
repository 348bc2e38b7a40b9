"""Verify an export of the access log:  python verify.py EXPORT --key PUBLIC.pem [--checkpoint NOTE ...]

This one file needs Python 3.11 and the package `cryptography`, nothing else: copy it to a machine the log's keeper can't reach.
It holds the formulas of the log on its own, on purpose: it shares no code, and so no fault, with what writes the log.

    h(-1) = SHA256("wijkwerk-log-stroom/1\\n" ‖ stream ‖ "\\n" ‖ stream key)      h(n) = SHA256(0x00 ‖ h(n-1) ‖ body)
    certificate: identity key over "wijkwerk-log-certificaat/1\\n" ‖ stream ‖ "\\n" ‖ stream key
    head:        stream key over "wijkwerk-log-kop/1\\n" ‖ stream ‖ number (8 bytes) ‖ hash
    tree:        RFC 6962 over the segments' canonical JSON; checkpoints: C2SP signed notes, made with the identity key
"""

from __future__ import annotations

import argparse
import heapq
import json
import sys
import tempfile
from base64 import b64decode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

ORIGIN = "wijkwerk/log"
MARGE = timedelta(minutes=5)  # an entry gets its moment when the request starts, its number when it is written
MAX_FINDINGS = 200
MAX_LEAVES = 2**32
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)

ONBEWEZEN = (
    "Wat deze controle niet kan zien: wat is weggehaald of veranderd na het laatste checkpoint dat u zelf bewaarde, "
    "als iemand het log vanaf dat punt opnieuw schreef. Zonder bewaard checkpoint geldt dat voor het hele log. "
    "Ook ziet de controle niet wat nooit is vastgelegd."
)


class Bevinding(NamedTuple):
    """Something that is not as it was written, and where."""

    plaats: str
    wat: str


@dataclass
class Rapport:
    """What was read and found. `bewaard`: the size of the largest checkpoint that was kept elsewhere."""

    stromen: int = 0
    regels: int = 0
    segmenten: int = 0
    checkpoints: int = 0
    bewaard: int | None = None
    vervallen: str | None = None
    aantal: int = 0
    bevindingen: list[Bevinding] = field(default_factory=list)

    @property
    def goed(self) -> bool:
        return self.aantal == 0

    def meld(self, plaats: str, wat: str) -> None:
        self.aantal += 1
        if self.aantal <= MAX_FINDINGS:
            self.bevindingen.append(Bevinding(plaats, wat))

    def tekst(self) -> str:
        """The report for a person, in Dutch."""
        lines = [
            "Het log klopt." if self.goed else f"Het log klopt NIET: {self.aantal} bevinding(en).",
            f"{self.stromen} stromen, {self.regels} regels, {self.segmenten} segmenten, {self.checkpoints} checkpoints gelezen.",
            "Geen bewaard checkpoint gebruikt." if self.bewaard is None else f"Bewaard checkpoint: tot en met segment {self.bewaard}.",
        ]
        if self.vervallen:
            lines.append(f"Volgens het log zelf zijn regels tot en met {self.vervallen} vernietigd na hun bewaartermijn.")
        lines += [f"- {plaats}: {wat}" for plaats, wat in self.bevindingen]
        lines += [f"- en nog {self.aantal - MAX_FINDINGS} bevindingen"] * (self.aantal > MAX_FINDINGS)
        return "\n".join([*lines, ONBEWEZEN])


class Boom:
    """An RFC 6962 tree that only grows: one hash for each bit in its size."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        size = self.size
        while size & 1:
            leaf = sha256(b"\x01" + self.peaks.pop() + leaf).digest()
            size >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return sha256(b"").digest()
        root = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            root = sha256(b"\x01" + peak + root).digest()
        return root


class Bladeren:
    """The leaves of the log's tree, which come in the order of the streams, kept on disk by number: 32 bytes each."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.aantal = 0

    def zet(self, nummer: int, leaf: bytes) -> bool:
        """False when the number can't be, or is taken."""
        if not 0 <= nummer < MAX_LEAVES or any(self.lees(nummer)):
            return False
        self._file.seek(nummer * 32)
        self._file.write(leaf)
        self.aantal += 1
        return True

    def lees(self, nummer: int) -> bytes:
        self._file.seek(nummer * 32)
        return self._file.read(32) or bytes(32)


def open_note(note: str, origin: str, key: Ed25519PublicKey) -> tuple[int, bytes]:
    """Size and root of a C2SP checkpoint signed by `key`; other signatures (of witnesses) are left alone. Raises `ValueError`."""
    body, _, signatures = note.rpartition("\n\n")
    key_id = sha256(origin.encode() + b"\n\x01" + key.public_bytes_raw()).digest()[:4]
    for line in signatures.splitlines():
        dash, name, value = line.split(" ")
        raw = b64decode(value, validate=True)
        if (dash, name, raw[:4]) == ("—", origin, key_id) and _signed(key, raw[4:], f"{body}\n".encode()):
            named, size, root = body.split("\n")[:3]
            if named == origin and size == str(int(size)) and int(size) >= 0 and len(b64decode(root, validate=True)) == 32:
                return int(size), b64decode(root)
    raise ValueError("no checkpoint of this log with a good signature")


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
    value = bytes.fromhex(line[name])
    if len(value) != 32:
        raise ValueError("not a SHA-256")
    return value


class Stroom:
    """The stream that is being read."""

    def __init__(self, verificatie: Verificatie, line: dict[str, Any]) -> None:
        self.id: str = line["id"]
        self.plaats = f"stroom {self.id}"
        self._alles, self._rapport = verificatie, verificatie.rapport
        self._sleutel = b64decode(line.get("sleutel", ""))
        self._gesloten = bool(line.get("gesloten"))
        named = self.id.encode() + b"\n" + self._sleutel
        if not _signed(verificatie.sleutel, b64decode(line.get("certificaat", "")), b"wijkwerk-log-certificaat/1\n" + named):
            self._meld("de sleutel van deze stroom is niet door dit log uitgegeven")
        self._hash = self._segment_hash = sha256(b"wijkwerk-log-stroom/1\n" + named).digest()
        self._seq, self._segment_seq, self._kop = -1, -1, False
        self._boom, self._perioden = Boom(), set[str]()
        self._nieuwste: datetime | None = None
        self._gebeurtenis: str | None = None

    def _meld(self, wat: str, deel: str = "") -> None:
        self._rapport.meld(self.plaats + deel, wat)

    def regel(self, line: dict[str, Any]) -> None:
        self._rapport.regels += 1
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
        tijdstip, gebeurtenis = datetime.fromisoformat(inhoud["tijdstip"]), inhoud["gebeurtenis"]
        self._perioden.add(inhoud["tijdstip"][:7])
        if self._nieuwste and tijdstip < self._nieuwste - self._alles.marge:
            self._meld("de klok is teruggezet: deze regel is ouder dan een regel ervoor", deel)
        self._nieuwste = max(tijdstip, self._nieuwste or tijdstip)
        if (seq == 0) != (gebeurtenis == "STROOM_GEOPEND") or self._gebeurtenis == "STROOM_GESLOTEN":
            self._meld("staat voor het begin of na het einde van de stroom", deel)
        self._gebeurtenis = gebeurtenis
        if note := inhoud.get("details", {}).get("checkpoint") if seq == 0 else None:
            self._alles.eis(note, self.plaats + deel)
        if gebeurtenis == "LOG_VERVALLEN":
            self._vervallen(inhoud["details"]["totEnMet"], inhoud["tijdstip"][:7], deel)

    def _vervallen(self, tot_en_met: str, nu: str, deel: str) -> None:
        if tot_en_met >= nu:
            self._meld("laat een maand vervallen die nog niet voorbij was", deel)
            return
        self._rapport.vervallen = max(tot_en_met, self._rapport.vervallen or "")

    def segment(self, line: dict[str, Any]) -> None:
        self._rapport.segmenten += 1
        eerste, laatste, blad = _whole(line, "eerste"), _whole(line, "laatste"), _whole(line, "blad")
        hash_, vorige, wortel, periode = _hash(line, "hash"), _hash(line, "vorige"), _hash(line, "wortel"), str(line["periode"])
        deel = f", segment {blad} (regel {eerste} tot en met {laatste})"
        if line["stroom"] != self.id or (eerste, vorige) != (self._segment_seq + 1, self._segment_hash) or laatste < eerste:
            self._meld("sluit niet aan op het segment ervoor", deel)
        if self._boom.size == 0:
            self._alles.gaten.setdefault(periode, self.plaats + deel)
            self._seq, self._hash, self._gebeurtenis = laatste, hash_, None
        elif (self._boom.size, self._seq, self._hash, self._boom.root()) != (laatste - eerste + 1, laatste, hash_, wortel):
            self._meld("de regels passen niet bij het segment", deel)
        elif self._perioden != {periode}:
            self._meld("de maand van het segment past niet bij de regels", deel)
        self._segment_seq, self._segment_hash = laatste, hash_
        self._boom, self._perioden = Boom(), set()
        leaf = {"eerste": eerste, "hash": hash_.hex(), "laatste": laatste, "periode": periode, "stroom": self.id}
        data = json.dumps({**leaf, "vorige": vorige.hex(), "wortel": wortel.hex()}, separators=(",", ":"), sort_keys=True)
        if not self._alles.bladeren.zet(blad, sha256(b"\x00" + data.encode()).digest()):
            self._meld("het nummer van dit segment kan niet, of komt twee keer voor", deel)

    def kop(self, line: dict[str, Any]) -> None:
        seq, hash_ = _whole(line, "seq"), _hash(line, "hash")
        message = b"wijkwerk-log-kop/1\n" + self.id.encode() + b"\n" + seq.to_bytes(8, "big") + hash_
        if self._kop or (seq, hash_) != (self._seq, self._hash):
            self._meld(f"de stroom eindigt bij regel {self._seq}, maar is getekend tot en met regel {seq}")
        if not _signed(Ed25519PublicKey.from_public_bytes(self._sleutel), b64decode(line["handtekening"]), message):
            self._meld("de handtekening onder de laatste regel klopt niet")
        self._kop = True

    def einde(self) -> None:
        if not self._kop:
            self._meld("de handtekening onder de laatste regel ontbreekt")
        if self._gesloten and self._gebeurtenis not in (None, "STROOM_GESLOTEN"):
            self._meld("de stroom heet gesloten, maar de regel daarover ontbreekt")


class Verificatie:
    """One reading of an export, line by line. Memory does not grow with the number of entries."""

    def __init__(self, sleutel: Ed25519PublicKey, origin: str, marge: timedelta, bladeren: Bladeren) -> None:
        self.sleutel, self.marge, self._origin = sleutel, marge, origin
        self.rapport, self.bladeren = Rapport(), bladeren
        self._boom = Boom()
        self._eisen: list[tuple[int, bytes, str]] = []  # the tree of this size has this root, says who
        self.gaten: dict[str, str] = {}  # month: the first segment whose entries are gone; an entry must say why
        self._stroom: Stroom | None = None
        self._vorige_stroom, self._vorige_omvang = "", -1
        self._klaar = False

    def eis(self, note: str, plaats: str) -> int | None:
        """Remember what a checkpoint says, to be held against the tree; its size, or None for one that isn't of this log."""
        try:
            omvang, wortel = open_note(note, self._origin, self.sleutel)
        except UNREADABLE:
            self.rapport.meld(plaats, "het checkpoint is niet door dit log getekend")
            return None
        heapq.heappush(self._eisen, (omvang, wortel, plaats))
        return omvang

    def lees(self, nummer: int, raw: bytes) -> None:
        try:
            self._lees(json.loads(raw))
        except UNREADABLE:
            self.rapport.meld(f"regel {nummer} van het bestand", "is onleesbaar of staat niet op zijn plaats")

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
        if omvang is not None and omvang <= self._vorige_omvang:
            self.rapport.meld(f"checkpoint bij segment {omvang}", "komt twee keer voor of staat niet op volgorde")
        self._vorige_omvang = self._vorige_omvang if omvang is None else omvang
        self._toets(self._vorige_omvang)

    def _einde(self, line: dict[str, Any]) -> None:
        rapport, self._klaar = self.rapport, True
        counted = (rapport.stromen, rapport.regels, rapport.segmenten, rapport.checkpoints)
        if tuple(line[name] for name in ("stromen", "regels", "segmenten", "checkpoints")) != counted:
            rapport.meld("einde van het bestand", "de aantallen in de export kloppen niet met wat erin staat")

    def _toets(self, tot: int) -> None:
        """Hold what checkpoints up to this size say against the tree. All leaves are known by now."""
        while self._eisen and self._eisen[0][0] <= tot:
            omvang, wortel, plaats = heapq.heappop(self._eisen)
            if omvang > self.bladeren.aantal:
                self.rapport.meld(plaats, f"noemt {omvang} segmenten, maar het log heeft er {self.bladeren.aantal}: er is iets weg")
                continue
            while self._boom.size < omvang:
                self._boom.add(self.bladeren.lees(self._boom.size))
            if (self._boom.size, self._boom.root()) != (omvang, wortel):
                self.rapport.meld(plaats, f"de eerste {omvang} segmenten zijn veranderd: de geschiedenis is herschreven")

    def sluit(self) -> Rapport:
        """The checks that need everything to be read."""
        self._sluit_stroom()
        rapport = self.rapport
        if not self._klaar:
            rapport.meld("einde van het bestand", "de export is niet compleet")
        self._toets(max((omvang for omvang, _, _ in self._eisen), default=-1))
        if self.bladeren.aantal != max(self._vorige_omvang, 0):
            rapport.meld("laatste checkpoint", f"hoort bij {self._vorige_omvang} segmenten, maar het log heeft er {self.bladeren.aantal}")
        for periode, plaats in self.gaten.items():
            if periode > (rapport.vervallen or ""):
                rapport.meld(plaats, f"regels van {periode} zijn weg, en geen regel in het log zegt waarom")
        return rapport


IN_STROOM = {"regel": Stroom.regel, "segment": Stroom.segment, "kop": Stroom.kop}
IN_LOG = {"stroom": Verificatie._begin, "checkpoint": Verificatie._checkpoint, "einde": Verificatie._einde}


def verifieer(
    lines: Iterable[bytes], sleutel: Ed25519PublicKey, bewaard: Sequence[str] = (), *, origin: str = ORIGIN, marge: timedelta = MARGE
) -> Rapport:
    """Read an export (an open binary file will do) and report every change, removal, insertion, reordering, cut and fork.

    `sleutel`: the log's public identity key; `bewaard`: checkpoints that were kept out of the log keeper's reach. Never raises for
    what is in the export: what can't be read is a finding.
    """
    with tempfile.TemporaryFile() as file:
        verificatie = Verificatie(sleutel, origin, marge, Bladeren(file))
        sizes = [verificatie.eis(note, f"bewaard checkpoint {number}") for number, note in enumerate(bewaard, start=1)]
        verificatie.rapport.bewaard = max((size for size in sizes if size is not None), default=None)
        for number, raw in enumerate(lines, start=1):
            verificatie.lees(number, raw)
        return verificatie.sluit()


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0: verified; 1: findings; 2: what was given can't be read."""
    parser = argparse.ArgumentParser(description="Controleer een export van het inzagelog.", epilog=ONBEWEZEN)
    parser.add_argument("export", type=Path, help="het bestand van `wijkwerk log export`")
    parser.add_argument("--key", type=Path, required=True, help="publieke sleutel van het log (PEM)")
    parser.add_argument("--checkpoint", type=Path, action="append", default=[], help="een checkpoint dat u zelf bewaarde; mag vaker")
    parser.add_argument("--origin", default=ORIGIN, help="naam van het log in de checkpoints")
    options = parser.parse_args(arguments)
    try:
        key = load_pem_public_key(options.key.read_bytes())
        notes = [path.read_text("utf-8") for path in options.checkpoint]
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("not Ed25519")
        with options.export.open("rb") as file:
            rapport = verifieer(file, key, notes, origin=options.origin)
    except (OSError, ValueError):
        print("Een bestand is niet te lezen. Controleer het pad van de export, de sleutel en de checkpoints.", file=sys.stderr)
        return 2
    print(rapport.tekst())
    return 0 if rapport.goed else 1


if __name__ == "__main__":
    sys.exit(main())
