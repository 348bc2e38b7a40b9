"""What a release changes in the metadata: the extra `plugins` names versions, not folders (docs/decisions/0002)."""

from __future__ import annotations

import os
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class ReleaseMetadata(MetadataHookInterface):
    """With WIJKWERK_RELEASE=1 in the environment no metadata says `file:`.

    Core and plugins are released together, so one version names them all.
    """

    def update(self, metadata: dict[str, Any]) -> None:
        if os.environ.get("WIJKWERK_RELEASE") != "1":
            return
        extras = metadata["optional-dependencies"]
        names = [requirement.partition(" @ ")[0] for requirement in extras["plugins"]]
        extras["plugins"] = [f"{name}=={metadata['version']}" for name in names]
