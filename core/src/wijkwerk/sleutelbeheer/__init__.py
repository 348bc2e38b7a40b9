"""What is done with keys over the years: rotating them, destroying them, and keeping them apart from the data in backups (design.md 6)."""
