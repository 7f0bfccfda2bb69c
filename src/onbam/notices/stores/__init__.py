"""Where notices are kept."""
