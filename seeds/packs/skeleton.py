"""The skeleton of a pack: all keys that there are, filled with what is known of a country by its code."""

from __future__ import annotations

import re
from pathlib import Path

from babel import Locale as Speech
from babel.core import get_global
from babel.languages import get_official_languages

from geo.errors import BadInput
from seeds.packs.manifest import FILE

TEMPLATE = Path(__file__).with_name("skeleton.toml")


def write(folder: Path, code: str) -> Path:
    """Write the manifest of a new pack, and the folder ``data`` beside it; return the manifest's path.

    ``code`` is the country's in ISO 3166-1, of three letters. What is known of it by the Unicode CLDR is filled in.

    Raises
    ------
    BadInput
        If the code is none, or there is a manifest already.

    """
    wanted = code.upper()
    if not re.fullmatch("[A-Z]{3}", wanted):
        raise BadInput("code", "give the country's code of three letters (ISO 3166-1), such as NER.")
    path = folder / FILE
    if path.exists():
        raise BadInput("folder", f"{path} is there already; name another folder.")
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in _known(wanted).items():
        text = text.replace(f"[[{name}]]", value)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _known(code: str) -> dict[str, str]:
    """Return what stands in the slots of the template; blank where it is not known."""
    [region] = get_global("territory_aliases").get(code) or [""]
    zones = [zone for zone, where in get_global("zone_territories").items() if where == region and "/" in zone]
    languages = get_official_languages(region, regional=True) if region else ()
    return {
        "code": code,
        "region": region,
        "fr": Speech("fr").territories.get(region, ""),
        "en": Speech("en").territories.get(region, ""),
        "languages": ", ".join(f'"{each}"' for each in languages),
        "time_zone": zones[0] if len(zones) == 1 else "",
        "time_zones": ", ".join(sorted(zones)[:12]) or "Africa/Niamey",
    }
