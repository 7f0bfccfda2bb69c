"""What tests share: parts finder, canaries, waiting for conditions."""
