"""HTTP: what comes in, what goes out, and nothing but a code when something breaks."""
