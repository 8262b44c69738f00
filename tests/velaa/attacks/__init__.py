"""The attacks on what is confidential, in Velaa."""
