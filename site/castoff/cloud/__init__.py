"""The system itself, there and here: what is packed, deployed, and run embedded for a project."""
