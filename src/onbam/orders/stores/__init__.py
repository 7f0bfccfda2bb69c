"""Where the order room keeps what it must remember."""
