"""Reading persons from a file of the municipality into the register."""
