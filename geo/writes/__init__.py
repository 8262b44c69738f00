"""What may be changed, one file a concept: checked values, and what they do in one transaction."""
