"""Reference implementations of every component of the course, in numpy (and torch where said)."""
