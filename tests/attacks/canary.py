"""Traces of a place: every way in which its coordinates could be written into an answer, a header or a log."""

from __future__ import annotations

import base64
import binascii
import math
import re
import struct
from collections.abc import Iterator

from geo.coordinates import LonLat

BASE32 = "0123456789bcdefghjkmnpqrstuvwxyz"
TOKEN = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
FINEST_TILE = 12
"""From this zoom on, tiles are 10 km or smaller and reveal where in its area a place lies."""


def geohash(place: LonLat, length: int) -> str:
    """Return the geohash of a place (longitude's bit first)."""
    spans, written = [[-180.0, 180.0], [-90.0, 90.0]], ""
    for number in range(length):
        digit = 0
        for bit in range(5):
            axis = (number * 5 + bit) % 2
            low, high = spans[axis]
            middle = (low + high) / 2
            upper = (place.lon, place.lat)[axis] >= middle
            spans[axis][0 if upper else 1] = middle
            digit = digit * 2 + upper
        written += BASE32[digit]
    return written


def _mercator(place: LonLat) -> tuple[float, float]:
    radius_m = 6_378_137.0
    return radius_m * math.radians(place.lon), radius_m * math.asinh(math.tan(math.radians(place.lat)))


def _tiles(place: LonLat) -> Iterator[str]:
    x_m, y_m = _mercator(place)
    half = math.pi * 6_378_137.0
    for zoom in range(FINEST_TILE, 19):
        x, y = (int((side + half) / (2 * half) * 2**zoom) for side in (x_m, -y_m))
        yield rf"\b{zoom}/{x}/{y}\b"


def _degrees(value: float) -> Iterator[str]:
    size = abs(value)
    whole, six = int(size), f"{size:.6f}".partition(".")[2]
    for digits in (4, 5):
        yield rf"(?<![\d.]){whole}[.,]{six[:digits]}(?!\d)"  # truncated
    # 6 decimals and more, and what single precision makes of them. Fewer would occur by chance in a long outline.
    yield rf"(?<![\d.]){whole}[.,](?:{six}|{int(six) - 1:06}9)"
    for digits in (4, 5, 6):
        yield rf"(?<![\d.]){re.escape(f'{size:.{digits}f}')}(?!\d)"
    minutes = (size - whole) * 60
    yield rf"(?<!\d){whole}\s*°\s*0?{int(minutes)}\s*(?:'|\xe2\x80\xb2)\s*0?{int(minutes % 1 * 60)}"
    yield re.escape(str(math.radians(value))[:8])
    for order in "<>":
        yield struct.pack(f"{order}d", value).hex()


def forms(place: LonLat) -> dict[str, re.Pattern[bytes]]:
    """Return patterns of what would tell a place to about 10 m, or a tile or geohash of a few hundred."""
    written = [*_degrees(place.lon), *_degrees(place.lat), geohash(place, 7), *_tiles(place)]
    written += [rf"(?<!\d){abs(int(each))}(?!\d)" for each in _mercator(place)]
    found = {each: re.compile(each.encode(), re.IGNORECASE) for each in written}
    for value in (place.lon, place.lat):
        for order in "<>":
            raw = struct.pack(f"{order}d", value)
            found[repr(raw)] = re.compile(re.escape(raw), re.DOTALL)
    return found


def traces(text: bytes, patterns: dict[str, re.Pattern[bytes]]) -> list[str]:
    """Return the forms of a place that stand in a text, or in anything that is written there in base64."""
    texts = [text]
    for token in {each[0] for each in TOKEN.finditer(text)}:
        for alphabet in (None, b"-_"):
            try:
                texts.append(base64.b64decode(token + b"=" * (-len(token) % 4), alphabet, validate=True))
            except binascii.Error:
                continue
    return [name for name, pattern in patterns.items() if any(pattern.search(each) for each in texts)]
