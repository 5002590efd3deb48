"""An autograder for deep-learning courses: the student's code answers, it never judges."""

__version__ = "0.1.0"
