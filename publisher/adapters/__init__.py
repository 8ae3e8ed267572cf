"""The adapters: one for each port, the only places that know an SDK or a wire."""
