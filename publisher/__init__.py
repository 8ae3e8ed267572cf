"""A release in, a plan, the plan applied: exactly once, never backwards; of castoff it knows the contract alone."""
