"""Events over HTTP: a webhook that listens, an endpoint that is polled."""
