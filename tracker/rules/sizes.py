"""Numbers of bytes in words: one way for limits, refusals and pages."""


def size_words(count: int) -> str:
    """Return a number of bytes in words: "2 GiB", "1.5 MiB", "10 bytes"."""
    for power, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        # What would be rounded to 1024 of a unit is one of the next.
        if count >= (1 << power) - (1 << power - 10) // 20:
            return f"{count / (1 << power):.1f} {unit}".replace(".0 ", " ")
    return "1 byte" if count == 1 else f"{count:,} bytes"
