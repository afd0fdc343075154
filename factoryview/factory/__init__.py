"""A plant with its data: opening it, following it, its staff on a day."""
