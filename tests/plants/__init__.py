"""Plants made for tests: random processes whose true constraint is known because it was simulated again."""
