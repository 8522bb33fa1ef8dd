"""The law and our procedure as plain functions of their arguments: no clock, no database, no framework."""
