"""Tasks and the work list: what somebody has to do, about which resident, before which day."""
