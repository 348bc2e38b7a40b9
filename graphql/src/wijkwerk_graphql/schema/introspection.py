"""Looking at the schema itself is a right: given to who is logged in, and to nobody else (design.md 8)."""

from __future__ import annotations

from wijkwerk.access.permissions import Permission
from wijkwerk.access.register import ROLLEN

INTROSPECTIE = Permission("schema:introspectie", "Het schema van de GraphQL-API bekijken.", tuple(rol.code for rol in ROLLEN))
