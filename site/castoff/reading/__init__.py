"""Text in, values with their places out: YAML, Markdown, and what is wrong with either."""
