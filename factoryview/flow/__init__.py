"""What happened: what stands where at a moment, key figures, congestion, the verdict."""
