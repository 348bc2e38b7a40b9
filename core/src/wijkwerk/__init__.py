"""Wijkwerk: case management for Dutch neighbourhood teams, in which nothing personal leaves before its log entry is durable."""
