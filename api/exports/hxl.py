"""The HXL tags of columns, https://hxlstandard.org/standard/1-1final/dictionary/: one table by type and field.

The importer knows them again, so that an export comes in as it went out.
"""

from __future__ import annotations

TAGS = {
    "AccessScore.capacityPer1000Under18": "#capacity+per_1000+children",
    "AccessScore.populationUnder18": "#population+children",
    "AdminArea.areaCode": "#adm+code+full",
    "AdminArea.code": "#adm+code",
    "AdminArea.id": "#adm+id",
    "AdminArea.level": "#adm+level",
    "AdminArea.name": "#adm+name",
    "AdminArea.scheme": "#adm+code+scheme",
    "AdminArea.edition": "#adm+code+edition",
    "AdminArea.validFrom": "#date+start",
    "AdminArea.validTo": "#date+end",
    "ContextFigure.age": "#age",
    "ContextFigure.endsOn": "#date+end",
    "ContextFigure.indicator": "#indicator+name",
    "ContextFigure.publisher": "#meta+publisher",
    "ContextFigure.sex": "#gender",
    "ContextFigure.startsOn": "#date+start",
    "ContextFigure.value": "#indicator+value",
    "CoverageArea.coveredPercent": "#reached+children+percent",
    "CoverageArea.coveredUnder18": "#reached+children",
    "CoverageArea.populationUnder18": "#population+children",
    "CoverageArea.uncoveredUnder18": "#inneed+children",
    "CoverageGap.incidentCount": "#event+num",
    "CoverageGap.uncoveredUnder18": "#inneed+children",
    "Hotspot.count": "#event+num",
    "Hotspot.populationUnder18": "#population+children",
    "IncidentCount.count": "#event+num",
    "IncidentCount.incidentType": "#event+type",
    "IncidentCount.period": "#date+period",
    "IncidentCount.ratePer100kUnder18": "#event+rate+per_100000+children",
    "IncidentCount.status": "#status",
    "Locality.areaCode": "#loc+code+full",
    "Locality.id": "#loc+id",
    "Locality.name": "#loc+name",
    "LocalityCoverage.populationUnder18": "#population+children",
    "Organization.acronym": "#org+acronym",
    "Organization.id": "#org+id",
    "Organization.kind": "#org+type",
    "Organization.kindLabel": "#org+type+label",
    "Organization.name": "#org+name",
    "Organization.url": "#org+url",
    "Phone.number": "#contact+phone+list",
    "Population.total": "#population+total",
    "Population.under18": "#population+children",
    "Population.year": "#date+year",
    "Presence.endsOn": "#date+end",
    "Presence.organizationName": "#org+name",
    "Presence.reportedOn": "#date+reported",
    "Presence.sector": "#sector",
    "Presence.startsOn": "#date+start",
    "ProtectionActor.id": "#org+id+actor",
    "ProtectionActor.kind": "#org+type+actor",
    "ProtectionActor.name": "#org+name+actor",
    "ProtectionActor.verifiedOn": "#date+verified",
    "Service.capacity": "#capacity",
    "Service.category": "#service+type",
    "Service.categoryLabel": "#service+label",
    "Service.id": "#service+id",
    "Service.name": "#service+name",
    "Service.phone": "#contact+phone",
    "Service.verifiedOn": "#date+verified",
    "Shelter.capacity": "#capacity+total",
    "Shelter.id": "#service+id+shelter",
    "Shelter.name": "#service+name",
    "Source.illustrative": "#meta+illustrative",
    "Source.licence": "#meta+licence",
    "Source.name": "#meta+source",
    "Source.retrievedOn": "#meta+date",
    "Source.url": "#meta+url",
    "TrainingEvent.endsOn": "#date+end",
    "TrainingEvent.name": "#activity+name",
    "TrainingEvent.startsOn": "#date+start",
}
"""By ``Type.field``. A field that is not here has no tag: HXL leaves such a cell empty."""

PLACES = {"longitude": "#geo+lon", "latitude": "#geo+lat"}


def tag_of(kind: str, field: str) -> str:
    """Return the tag of a field of a type, or of a coordinate; empty where it has none.

    Examples
    --------
    >>> tag_of("Service", "name"), tag_of("", "latitude"), tag_of("Service", "version")
    ('#service+name', '#geo+lat', '')

    """
    return PLACES[field] if not kind else TAGS.get(f"{kind}.{field}", "")
