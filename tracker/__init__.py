"""An open tracker for GDPR complaints: one case, many authorities, both sides' clocks, what was cleared in public."""

__version__ = "0.1.0"
