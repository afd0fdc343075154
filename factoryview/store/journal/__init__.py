"""The journal of live events and everything that writes it."""
