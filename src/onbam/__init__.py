"""Onbam: a small company's back-office automation, unattended, every order exactly once."""

__version__ = "0.1.0"
