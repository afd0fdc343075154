"""What tests share: a pilot, screens, logs, plants, servers. Nothing here is a test."""
