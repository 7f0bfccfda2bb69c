"""Ways outside for a notice: mail, a chat room, a phone."""
