"""Where items and leases are kept: one port, several stores, one conformance suite for all of them."""
