"""The manager's desk: point at anything and it answers; choose it and its panel opens."""
