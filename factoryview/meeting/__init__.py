"""The meeting: what was agreed last time, the moments that matter, hidden notes, votes, and what is agreed now."""
