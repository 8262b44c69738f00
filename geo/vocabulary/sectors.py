"""The sectors of humanitarian work, by which a 3W says who does what where: the clusters and their areas of work."""

from __future__ import annotations

from enum import Enum


class Sector(Enum):
    """A sector in which organisations are present."""

    PROTECTION = "PROTECTION"
    CHILD_PROTECTION = "CHILD_PROTECTION"
    GENDER_BASED_VIOLENCE = "GENDER_BASED_VIOLENCE"
    MINE_ACTION = "MINE_ACTION"
    HOUSING_LAND_PROPERTY = "HOUSING_LAND_PROPERTY"
    EDUCATION = "EDUCATION"
    HEALTH = "HEALTH"
    NUTRITION = "NUTRITION"
    FOOD_SECURITY = "FOOD_SECURITY"
    WATER_SANITATION_HYGIENE = "WATER_SANITATION_HYGIENE"
    SHELTER_ITEMS = "SHELTER_ITEMS"
    CAMP_MANAGEMENT = "CAMP_MANAGEMENT"
    EARLY_RECOVERY = "EARLY_RECOVERY"
    LOGISTICS = "LOGISTICS"
    TELECOMMUNICATIONS = "TELECOMMUNICATIONS"
    COORDINATION = "COORDINATION"
    CASH = "CASH"
    OTHER = "OTHER"
