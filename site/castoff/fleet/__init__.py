"""An operator's whole project as values: settings, content, bookings, and the charters that they make."""
