"""How a plan is told to people: one value, grouped by booking, and its forms."""
