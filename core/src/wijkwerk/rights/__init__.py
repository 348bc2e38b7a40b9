"""What happens to the whole file of a resident: merging two files that are of one resident, and undoing that."""
