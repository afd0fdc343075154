"""The wall's remote: a page for phones, `/health` and `/picture.png`, behind a token; off unless asked for."""
