"""Idea 1: a record about a person is declared once; table, scope, checks, log, GraphQL type and export follow (design.md 1)."""
