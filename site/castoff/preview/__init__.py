"""The preview: a project built in memory and served through the very function of the edge, built anew as it changes."""
