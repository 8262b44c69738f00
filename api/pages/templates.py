"""The templates of the pages, and the policy of pages without scripts."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

OWN_ONLY = "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
HOME_POLICY = OWN_ONLY + "style-src 'self'; img-src 'self'; connect-src 'self'"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("api"), autoescape=select_autoescape(), undefined=StrictUndefined, auto_reload=False
    )


def template(name: str) -> Template:
    """Return the template of this name; the values that it renders are escaped."""
    return _environment().get_template(name)
