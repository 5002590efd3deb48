"""Questions that are not code: numbers, choices, tables, expressions, and texts for a human.

`checks/questions.toml` holds them (`items`); a student answers in `answers.toml`, in Markdown or
in the cells of a notebook (`reading`); each is one check of the assignment (`collecting`).
"""
