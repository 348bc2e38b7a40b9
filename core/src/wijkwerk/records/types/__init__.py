"""Value types: what a value may be is decided once, where it enters; after that it can be trusted."""
