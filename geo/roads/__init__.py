"""Roads from OpenStreetMap, and travel times along them to the nearest service, by pgRouting.

:mod:`geo.roads.extract` reads a file, :mod:`geo.roads.network` keeps one network in the database, and
:mod:`geo.roads.times` computes the times. They are stored in ``lakana.travel_time``, where the queries read them.
"""
