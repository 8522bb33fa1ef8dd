"""TEMP."""


def applicable() -> None:
    """TEMP."""
