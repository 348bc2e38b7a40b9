"""What oversight asks of the log: looking in it, the checks, unmasking by two, holding entries that must stay (domain.md 3.7)."""
