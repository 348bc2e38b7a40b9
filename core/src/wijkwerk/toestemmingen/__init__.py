"""Consent: asked only where the ground needs it, given by who may, and withdrawn as easily (AVG art. 7; domain.md 2.3, 2.4, 2.7)."""
