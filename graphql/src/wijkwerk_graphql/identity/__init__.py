"""Who asks: tokens, keys, and the Actor of a request."""
