"""Where it jams, since when, why, what it costs, what leaks: from evidence to sentences."""
