"""A reader of Mapbox Vector Tiles 2.1 that shares nothing with what writes them: the names of protobuf's fields by number."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LAYER, FEATURE, KEY, VALUE, EXTENT, NAME = 3, 2, 3, 4, 5, 1
TAGS, KIND, GEOMETRY = 2, 3, 4
POINT = 1


@dataclass
class Layer:
    """A layer: of each feature its properties, and of points the place in degrees."""

    extent: int = 4096
    features: list[dict[str, Any]] = field(default_factory=list)


def decode(tile: bytes, zoom: int, x: int, y: int) -> dict[str, Layer]:
    """Return the layers of a tile by name; a point's place stands at ``@``, the number of commands of any shape at ``#``."""
    return dict(_layer(body, zoom, x, y) for number, body in _fields(tile) if number == LAYER)


def _layer(body: bytes, zoom: int, x: int, y: int) -> tuple[str, Layer]:
    parts = list(_fields(body))
    keys = [each.decode() for number, each in parts if number == KEY]
    values = [_value(each) for number, each in parts if number == VALUE]
    [name] = [each.decode() for number, each in parts if number == NAME]
    layer = Layer(next(each for number, each in parts if number == EXTENT))
    for number, each in parts:
        if number == FEATURE:
            layer.features.append(_feature(each, keys, values, layer.extent, (zoom, x, y)))
    return name, layer


def _feature(
    body: bytes, keys: list[str], values: list[Any], extent: int, tile: tuple[int, int, int]
) -> dict[str, Any]:
    parts = dict(_fields(body))
    tags = list(_numbers(parts.get(TAGS, b"")))
    found = {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)}
    shape = list(_numbers(parts[GEOMETRY]))
    found["#"] = len(shape)
    if parts[KIND] == POINT:
        across, down = (_signed(each) for each in shape[1:3])
        found["@"] = _degrees(across / extent, down / extent, *tile)
    return found


def _degrees(across: float, down: float, zoom: int, x: int, y: int) -> tuple[float, float]:
    turn = math.pi * (1 - 2 * (y + down) / 2**zoom)
    return (x + across) / 2**zoom * 360 - 180, math.degrees(math.atan(math.sinh(turn)))


def _value(body: bytes) -> Any:
    [(number, value)] = _fields(body)
    match number:
        case 1:
            return value.decode()
        case 2:
            return struct.unpack("<f", value)[0]
        case 3:
            return struct.unpack("<d", value)[0]
        case 6:
            return _signed(value)
        case 7:
            return bool(value)
    return value


def _signed(value: int) -> int:
    return value >> 1 ^ -(value & 1)


def _fields(body: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(body):
        head, at = _number(body, at)
        value: int | bytes
        match head & 7:
            case 0:
                value, at = _number(body, at)
            case 1:
                value, at = body[at : at + 8], at + 8
            case 2:
                size, at = _number(body, at)
                value, at = body[at : at + size], at + size
            case _:
                value, at = body[at : at + 4], at + 4
        yield head >> 3, value


def _numbers(body: bytes) -> Iterator[int]:
    at = 0
    while at < len(body):
        value, at = _number(body, at)
        yield value


def _number(body: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte, at = body[at], at + 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
