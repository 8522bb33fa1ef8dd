"""Cells of tables that people open in a spreadsheet."""

#: What a spreadsheet takes for the beginning of a formula.
BEGINS = ("=", "+", "-", "@", "\t", "\r")


def safe(cell: str) -> str:
    """Return a cell of a table as a spreadsheet may have it: what would be a formula there is a text."""
    return f"'{cell}" if cell[:1] in BEGINS else cell
