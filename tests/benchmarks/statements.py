"""The statements that the server itself sends, for measuring without it."""

from __future__ import annotations

from typing import Any

from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema
from geo.audience import ANYBODY
from geo.database.statements import Job

NEAREST = """query ($lon: Float!, $lat: Float!) {
  nearestServices(origin: {lon: $lon, lat: $lat}, categories: [LEGAL_AID], first: 10) {
    distanceMetres service { id name category phone openingHours { text } capacity verifiedOn location { point } } } }"""

BOX = """query ($west: Float!, $south: Float!, $east: Float!, $north: Float!) {
  services(bbox: {west: $west, south: $south, east: $east, north: $north}, first: 100) {
    edges { node { id name category phone openingHours { text } capacity verifiedOn location { point } } } } }"""

COVERAGE = """query ($metres: Float!) {
  coverage(need: {categories: [LEGAL_AID]}, within: {metres: $metres}) { total { coveredUnder18 populationUnder18 } } }"""

SESSION = (
    "-c search_path=lakana,public -c plan_cache_mode=force_generic_plan -c jit=off -c max_parallel_workers_per_gather=0"
)
"""The settings of the server's own connections."""


def job(document: str, variables: dict[str, Any]) -> Job:
    """Return the statement of a document's one root field, with values."""
    operation = Operations(compiled_schema()).get(document, None)
    values = operation.variables(variables)
    [asked] = operation.selection(values)
    return operation.job(asked, operation.question(asked, values), values, ANYBODY)
