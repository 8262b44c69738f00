"""The methods of spatial statistics, as pure functions over arrays: each with its formula, its source and an example.

They need NumPy and SciPy, so import these modules only where they are used.
"""
