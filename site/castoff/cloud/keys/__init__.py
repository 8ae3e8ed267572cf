"""The keys that the deploy step makes, each kept in a secret that only its user reads."""
