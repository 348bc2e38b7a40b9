"""Running documents: what may run, by which plan, in which order, and with which log entry."""
