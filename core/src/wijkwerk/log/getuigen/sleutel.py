"""The key of a witness to logs of others, in its folder: made once, kept for good."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wijkwerk.crypto.secretfile import read_secret
from wijkwerk.errors import OngeldigeInvoer, OpstartFout
from wijkwerk.log.note import COSIGNATUUR, Sleutel, lees_base64, lees_vkey
from wijkwerk.storage.durable import new_on_disk, on_disk


def maak_sleutel(map_: Path, naam: str) -> None:
    """Make the folder's key, under the name that the witness's cosignatures have. Raises OngeldigeInvoer for another name than one can be,
    OpstartFout when there is a key, or none can be made.
    """
    key = Ed25519PrivateKey.generate()
    try:
        lees_vkey(Sleutel(naam, COSIGNATUUR, key.public_key()).vkey(), COSIGNATUUR)
    except ValueError:
        raise OngeldigeInvoer("Geef een naam zonder spaties en plustekens, bijvoorbeeld getuige.gemeente.nl.") from None
    try:
        map_.mkdir(mode=0o700, parents=True, exist_ok=True)
        new_on_disk(map_ / "sleutel", f"{naam} {b64encode(key.private_bytes_raw()).decode()}\n".encode())
        on_disk(map_)
    except FileExistsError:
        raise OpstartFout(f"In {map_} is al een sleutel. Een getuige houdt zijn sleutel. Laat --naam weg om hem te zien.") from None
    except OSError as error:
        raise OpstartFout(f"In {map_} kan geen sleutel worden gemaakt ({type(error).__name__}).") from None


def lees_sleutel(map_: Path) -> tuple[str, Ed25519PrivateKey]:
    """Name and key of the witness of this folder. Raises OpstartFout."""
    path = map_ / "sleutel"
    try:
        naam, _, rest = read_secret(path, "Het sleutelbestand", 1_000).decode().removesuffix("\n").rpartition(" ")
        key = Ed25519PrivateKey.from_private_bytes(lees_base64(rest, 32))
        lees_vkey(Sleutel(naam, COSIGNATUUR, key.public_key()).vkey(), COSIGNATUUR)
    except FileNotFoundError:
        te_doen = f"Maak er een met `wijkwerk getuige --map {map_} sleutel --naam NAAM`."
        raise OpstartFout(f"In {map_} is geen sleutel van een getuige. {te_doen}") from None
    except (OSError, ValueError):
        raise OpstartFout(f"Het sleutelbestand {path} kan niet worden gelezen of is beschadigd.") from None
    return naam, key


def vkey(map_: Path) -> str:
    """What others put in their settings to believe this witness."""
    naam, key = lees_sleutel(map_)
    return Sleutel(naam, COSIGNATUUR, key.public_key()).vkey()
