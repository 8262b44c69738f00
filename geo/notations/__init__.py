"""What people write in a form of its own, read and checked: opening hours, telephone numbers, quarters."""
