"""Who may write: the lease on a target, what a broken publish left, and taking it over."""
