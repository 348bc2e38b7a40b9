"""What a resident may know of who looked: on a screen and in a letter (domain.md 3.5)."""
