"""What a factory is: the plant, its stages, belts, people and targets; reading, writing, discovering it."""
