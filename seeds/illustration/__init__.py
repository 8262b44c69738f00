"""Illustrative rows of any country: a made-up directory at its real places, drawn by a number, and marked as such."""
