"""What is well with a target and what is not: each check a line, and what to do."""
