"""What became different, and by how much: change points along time, two spans beside each other, forecasts."""
