"""The pages that people read: the frame of all, their words, what maps ask, and errors."""
