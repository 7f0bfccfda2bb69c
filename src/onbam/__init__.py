"""Onbam: a small company's back-office automation, unattended, every order exactly once."""
