"""First contact: a report about a resident, from the first call to a case, a referral or nothing (domain.md 9.1)."""
