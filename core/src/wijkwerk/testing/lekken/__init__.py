"""Who may see what, worked out a second time, and a made-up municipality in which it matters: for tests of the core and of plugins."""
