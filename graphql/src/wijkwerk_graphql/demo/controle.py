"""The last part of the story: the log is exported and verified, and a changed copy is caught."""

from __future__ import annotations

import io
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wijkwerk.app import Wijkwerk
from wijkwerk.log.entry import Actie, Gebeurtenis, Logregel, Resultaat
from wijkwerk.log.export import export
from wijkwerk.log.verify import Rapport, verifieer


async def exporteer(wijkwerk: Wijkwerk) -> tuple[bytes, Ed25519PublicKey]:
    """The whole log as `wijkwerk log export` writes it, with a fresh checkpoint, and the public key to verify it with."""
    await wijkwerk.journal.record(
        Logregel(
            gebeurtenis=Gebeurtenis.EXPORT,
            actie=Actie.EXECUTE,
            resultaat=Resultaat.GESLAAGD,
            tijdstip=wijkwerk.klok.nu(),
            onderdeel="wijkwerk demo --story",
            details={"kanaal": "opdrachtregel"},
        )
    )
    await wijkwerk.journal.checkpoint()
    file = io.StringIO()
    await export(wijkwerk.database, file)
    async with wijkwerk.database.snapshot() as snapshot:
        identity = await snapshot.run(lambda connection: wijkwerk.keyring.signing_key(connection, "log"))
    return file.getvalue().encode(), identity.public_key()


def controleer(kopie: bytes, sleutel: Ed25519PublicKey) -> Rapport:
    """What the verifier says of an export."""
    return verifieer(io.BytesIO(kopie), sleutel)


def knoei(kopie: bytes) -> tuple[bytes, str]:
    """A copy in which one entry in the middle says something else, and the place of that entry as the verifier names places."""
    lines = [json.loads(line) for line in kopie.splitlines()]
    regels = [at for at, line in enumerate(lines) if line["soort"] == "regel" and '"GESLAAGD"' in line["body"]]
    at = regels[len(regels) // 2]
    stroom = next(line["id"] for line in reversed(lines[:at]) if line["soort"] == "stroom")
    lines[at]["body"] = lines[at]["body"].replace('"GESLAAGD"', '"GEWEIGERD"', 1)
    plaats = f"stroom {stroom}, regel {lines[at]['seq']}"
    return b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines), plaats
