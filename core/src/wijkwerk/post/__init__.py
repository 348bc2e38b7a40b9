"""Messages: to residents by mail, to users inside the product and by mail; through an outbox in the business transaction (design.md 10)."""
