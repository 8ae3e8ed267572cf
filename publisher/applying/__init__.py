"""A plan made true: each effect under the lease, in the order in which it is safe."""
