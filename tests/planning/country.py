"""A small country whose coverage is worked out by hand."""

from __future__ import annotations

from tests.database.land import Land


class Country(Land):
    """A nation of two regions side by side, A with one cercle; demand along the equator, a thousandth of a degree a step.

    The west has a locality in its cercle (10 children), one in the region only (20), and a cell (40). The east has a
    locality (80) next to the boundary.
    """

    def __init__(self, connection):
        super().__init__(connection)
        self.nation = self.area("N", 0)
        self.west, self.east = self.area("A", 1, parent_id=self.nation), self.area("B", 1, parent_id=self.nation)
        self.cercle = self.area("AA", 2, parent_id=self.west)
        self.office = self.actor(self.nation)
        self.points = [
            self.settled("a", self.cercle, 0.000, 10),
            self.settled("b", self.west, 0.010, 20),
            self.demand(self.west, 0.020, 0, population=100, under_18=40),
            self.settled("c", self.east, 0.030, 80),
        ]

    def settled(self, code, area, lon, children):
        home = self.locality(code, area, lon, population=200, under_18=children, population_year=2022)
        return self.demand(area, lon, 0, population=200, under_18=children, locality_id=home)

    def divide(self):
        """Make west and east a zone each, and return the ids of both."""
        self.zoning(self.nation)
        west = self.zone(self.nation, self.west, -1, -1, 1.025, name_fr="Ouest")
        return west, self.zone(self.nation, self.east, 0.025, -1, 1.025, name_fr="Est")

    def hide(self, category, area, lon, **more):
        """Open a confidential service, and return its id."""
        return self.service(self.office, area, lon, 0, category=category, confidential=True, name="Foyer tu", **more)

    def serve(self, category, lon, area=None):
        return self.service(self.office, area or self.nation, lon, 0, category=category)
