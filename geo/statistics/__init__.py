"""The methods of spatial statistics, as pure functions over arrays: each with its formula, its source and an example.

They need NumPy and SciPy, so whoever asks for them imports them where they are used and not before.
"""
