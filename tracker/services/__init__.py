"""Verbs of the office: they take an actor and values, return domain objects, never commit, never format."""
