"""The definition of the service in OpenAPI 3.0."""

from __future__ import annotations

from typing import Any

from api.ogc.collections import MOST, collections
from api.ogc.parameters import FORMS, USUAL


def document(address: str) -> dict[str, Any]:
    """Return the definition of the service at an address."""
    paths = {"/": "landing", "/conformance": "conformance", "/collections": "collections"}
    of_items = [
        _parameter("bbox", {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}, explode=False),
        _parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
        _parameter("datetime", {"type": "string"}),
        _parameter("cursor", {"type": "string"}),
    ]
    described = {path: _get(name) for path, name in paths.items()}
    for name in collections():
        own = f"/collections/{name}"
        described |= {
            own: _get(f"describe_{name}"),
            f"{own}/items": _get(f"items_{name}", *of_items),
            f"{own}/items/{{featureId}}": _get(
                f"item_{name}", {"name": "featureId", "in": "path", "required": True, "schema": {"type": "string"}}
            ),
        }
    return {
        "openapi": "3.0.3",
        "info": {"title": "Lakana", "version": "1"},
        "servers": [{"url": address}],
        "paths": described,
    }


def _get(name: str, *parameters: dict[str, Any]) -> dict[str, Any]:
    form = _parameter("f", {"type": "string", "enum": list(FORMS)})
    answers = {"200": {"description": "The answer."}, "400": {"description": "A parameter is not known or not good."}}
    parameters = (*parameters, form, _parameter("lang", {"type": "string"}))
    return {"get": {"operationId": name, "parameters": list(parameters), "responses": answers}}


def _parameter(name: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, **more}
