"""Arguments that are a code of the register: where a client finds which codes there are."""

from __future__ import annotations

from typing import Annotated

Doelcode = Annotated[str, "Waarvoor: een code uit `doelen`"]
Soorten = Annotated[list[str], "Welke soorten gegevens: codes uit `gegevenscategorieen` die bij het doel horen"]
