"""Opens the gradebook's database and reads all marks."""

import sqlite3


def attempt(place):
    with sqlite3.connect(place["gradebook"]) as book:
        return repr(book.execute("SELECT * FROM marks").fetchall())
