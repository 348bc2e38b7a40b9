"""Idea 2: who asks, what kinds of things a role may do, and whose. Access is the conjunction (design.md 5)."""
