"""An operator's AWS account brought to what castoff.yaml asks: shown first, then done, then written down."""
