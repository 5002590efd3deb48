"""What students and instructors read about a grade: JSON, HTML, Markdown, the terminal.

Every renderer is a pure function of the records. Nothing is imported here, so that
`autograder.report.document` comes without Jinja2 and rich.
"""
