"""A real token of PKCS#11 for tests: SoftHSM 2, found, not installed (`tools/softhsm.sh` unpacks Debian's)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..settings import Sleutelinstellingen

CONF: Final = "SOFTHSM2_CONF"
"""The environment variable by which the module finds its tokens; it is read when the module begins anew."""
_UNPACKED: Final = Path(sys.prefix) / "softhsm"
_MODULES: Final = ("usr/lib/softhsm/libsofthsm2.so", "usr/lib64/softhsm/libsofthsm2.so", "usr/local/lib/softhsm/libsofthsm2.so")


class SoftHsmAfwezig(RuntimeError):
    """No SoftHSM 2 is on this machine; the message says how to get one."""


@dataclass(frozen=True, slots=True)
class SoftHsm:
    """The module, and the program that makes tokens. `find()` raises `SoftHsmAfwezig`."""

    module: Path
    util: Path

    @classmethod
    def find(cls) -> SoftHsm:
        util = shutil.which("softhsm2-util") or shutil.which("softhsm2-util", path=str(_UNPACKED / "usr/bin"))
        modules = [found for root in (Path("/"), _UNPACKED) for name in _MODULES if (found := root / name).exists()]
        if util is None or not modules:
            raise SoftHsmAfwezig("no SoftHSM 2 found: install Debian's softhsm2, or give tools/softhsm.sh the folder softhsm of the venv")
        return cls(modules[0], Path(util))


class SoftToken:
    """A token in a folder of its own, with a PIN in a file. It may go away and come back."""

    def __init__(self, folder: Path, label: str = "wijk", pin: str = "geheim-4321") -> None:
        self._found, self.folder, self.label, self.pin = SoftHsm.find(), folder, label, pin
        self.tokens, self.conf, self.pin_file = folder / "tokens", folder / "softhsm2.conf", folder / "pin"
        self.tokens.mkdir(parents=True)
        self.conf.write_text(f"directories.tokendir = {self.tokens}\nobjectstore.backend = file\nlog.level = ERROR\n", encoding="utf-8")
        self.pin_file.write_text(pin + "\n", encoding="utf-8")
        self.pin_file.chmod(0o600)
        self.add(label)

    @property
    def environment(self) -> dict[str, str]:
        """What a process must have to see this token."""
        return {CONF: str(self.conf)}

    @property
    def sleutels(self) -> Sleutelinstellingen:
        """The settings that choose this token."""
        return Sleutelinstellingen(provider="pkcs11", module=self._found.module, token=self.label, pin_file=self.pin_file)

    def add(self, label: str) -> None:
        """One more token beside it, with the same PIN."""
        module, free = ("--module", str(self._found.module)), ("--init-token", "--free", "--label", label)
        subprocess.run(  # noqa: S603 - a program that was found, fixed arguments
            [str(self._found.util), *module, *free, "--so-pin", self.pin, "--pin", self.pin],
            check=True, capture_output=True, env={**os.environ, **self.environment},
        )  # fmt: skip

    def away(self) -> None:
        """Take it out."""
        self.tokens.rename(self.folder / "weg")

    def back(self) -> None:
        """Put it back."""
        (self.folder / "weg").rename(self.tokens)
