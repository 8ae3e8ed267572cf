"""ShipCaptainCrew: knows the events and their crew, calls the crew by mail, and lets them in by magic links."""
