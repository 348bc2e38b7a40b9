"""Idea 3: nothing personal leaves before its log entry is durable."""
