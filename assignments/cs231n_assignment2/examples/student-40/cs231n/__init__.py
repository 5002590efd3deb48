"""The second assignment's package."""
