"""The classifiers of the first assignment."""
