"""What a reader may choose for a map that a server draws: a form without a script, and links to begin anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from maps.markup import Markup, attributes, element, escaped


@dataclass(frozen=True, slots=True)
class Choice:
    """A list to choose one of.

    Parameters
    ----------
    name
        Of the parameter in the address; the map's words have its label under ``choose_`` and this name.
    options
        Values with what is shown of them, in order.
    chosen
        The value that the map shows now.

    """

    name: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Controls:
    """The form above a map.

    Parameters
    ----------
    action
        The path of the map.
    choices
        What can be chosen.
    fresh
        The address of the map without any choice but the language.
    home
        The address of the start page.

    """

    action: str
    choices: tuple[Choice, ...]
    fresh: str
    home: str


def form(controls: Controls, words: Mapping[str, str]) -> Markup:
    """Return the form, which asks the server for the map that is chosen."""
    return element(
        "form",
        *(_choice(each, words) for each in controls.choices),
        element("button", escaped(words["show_map"]), type="submit"),
        element("a", escaped(words["reset"]), href=controls.fresh),
        element("a", escaped(words["home"]), href=controls.home),
        class_="controls",
        method="get",
        action=controls.action,
        autocomplete="off",
    )


def _choice(choice: Choice, words: Mapping[str, str]) -> Markup:
    options = [
        Markup(f"<option{attributes(value=value, selected=value == choice.chosen)}>{escaped(shown)}</option>")
        for value, shown in choice.options
    ]
    label = escaped(words[f"choose_{choice.name}"])
    return element("label", element("span", label), element("select", *options, name=choice.name))
