"""What an instructor makes and proves an assignment with: new, release, validate, import."""
