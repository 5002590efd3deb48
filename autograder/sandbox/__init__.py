"""The wall: the student's code runs in a locked-down process and answers with plain data."""
