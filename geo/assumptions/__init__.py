"""What answers say of themselves, by subject and language."""
