"""A small HTTP/1.1 server, bounded in every way: the webhook and the wall's remote stand behind the same door."""
