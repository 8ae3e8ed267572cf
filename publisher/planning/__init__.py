"""What separates a release from what is live, as a plan: values in, a value out, and what must not pass."""
