"""An open tracker for GDPR complaints: one case, many authorities, and what was cleared for the public."""

__version__ = "0.1.0"
