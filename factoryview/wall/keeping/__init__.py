"""What keeps a wall up for months: a supervisor, systemd, the display's power, a log that ends, installing it."""
