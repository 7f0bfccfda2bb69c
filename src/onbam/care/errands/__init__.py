"""What one PC is asked to do by a person at another, and what became of it."""
