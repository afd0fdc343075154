"""What would be: a plant calibrated from its log, changed, and simulated."""
