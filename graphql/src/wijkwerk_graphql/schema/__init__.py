"""The schema: what authors write, what follows from declarations, and how it is put together."""
