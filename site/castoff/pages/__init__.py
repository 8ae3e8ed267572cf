"""A charter as each audience may see it, and the pages, calendar files and payloads that show it."""
