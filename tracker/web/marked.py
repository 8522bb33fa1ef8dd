"""Marks words for the catalogues of the languages that are said later, where the page is made."""


def N_(words: str) -> str:  # noqa: N802 - the name by which words are gathered
    """Return the words as they are."""
    return words
