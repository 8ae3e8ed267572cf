"""castoff: one YAML file per charter becomes pages, crew call and calendar entry, each exactly once."""

__version__ = "0.1.0"
