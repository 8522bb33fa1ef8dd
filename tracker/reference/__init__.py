"""Facts shipped with the program: packaged files turned into typed values, read once.

Nothing else opens these files. A bad row stops the program at once and names file and line.
"""
