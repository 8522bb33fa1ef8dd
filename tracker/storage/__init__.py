"""Kept files and copies of the stores."""
