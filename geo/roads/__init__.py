"""Roads from OpenStreetMap, and travel times along them to the nearest service, by pgRouting.

:mod:`geo.roads.extract` reads a file, :mod:`geo.roads.network` keeps one network in the database, and
:mod:`geo.roads.times` computes the times. What they find stands in ``lakana.travel_time``; the questions read it there.
"""
