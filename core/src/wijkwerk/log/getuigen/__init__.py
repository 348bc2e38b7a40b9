"""Witnesses: who keeps the checkpoints of the log out of reach of who runs this installation (docs/log/getuigen.md)."""
