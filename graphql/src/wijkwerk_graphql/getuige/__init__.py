"""A witness of logs of others, as a service of its own: it needs no installation of Wijkwerk (docs/log/getuigen.md)."""
