"""castoff: one YAML file per charter becomes pages, crew call and calendar entry, each exactly once."""

from __future__ import annotations

from typing import Final

__version__ = "0.1.0"
SETTINGS: Final = "castoff.yaml"
"""The file that makes a folder a project."""
