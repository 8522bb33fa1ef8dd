"""The leak test: a marked office, a search that sees through encodings, a reader of every public address."""
