"""Days of law: terms, and which days are working days. All in Europe/Amsterdam; moments are UTC (`klok.py`)."""
