"""Which column plays which role."""
