"""The suites once more, on a second country: Velaa, across the antimeridian, in a script and languages of its own."""
