"""The dashboard: the operator's calendar, one entry per booking, and its feed."""
