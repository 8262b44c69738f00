"""The markup beside the map, which is read without JavaScript too: heading, figures, legend, ranking, sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from geo.texts import is_web_address
from geo.vocabulary import Locale
from maps.legend import Entry, Group, Panel, Swatch
from maps.markup import Markup, attributes, element, escaped, joined
from maps.records import SourceRecord


def head(panel: Panel) -> Markup:
    """Return the title, what the map is about, of when its data are, and its figures."""
    dated = element("span", escaped(panel.dated), class_="dated")
    figures = [
        element("div", element("dt", escaped(meaning)), element("dd", escaped(value)))
        for value, meaning in panel.figures
    ]
    return joined(
        element(
            "div",
            element("h1", escaped(panel.title)),
            element("p", escaped(f"{panel.lead} "), dated),
            class_="heading",
        ),
        element("dl", *figures, class_="figures"),
    )


def actions(words: Mapping[str, str]) -> Markup:
    """Return the buttons above the map; a page without its script hides them."""
    buttons = [element("button", escaped(words[name]), type="button", data_act=name) for name in ("print", "copy")]
    chosen = Markup(f"<input{attributes(type='file', id='basemap', accept='.pmtiles')}>")
    brought = element("label", element("span", escaped(words["basemap"])), chosen)
    said = element("span", id="basemap-said", role="status")
    return element("div", brought, said, *buttons, class_="actions", hidden=True)


def borrowed(words: Mapping[str, str], locale: Locale) -> Markup:
    """Return the note above a page of which a part is in French for want of a translation; else nothing."""
    if locale is not Locale.BM:
        return Markup("")
    return element("p", escaped(words["borrowed"]), class_="note borrowed", lang="fr")


def banner(words: Mapping[str, str], *, illustrative: bool) -> Markup:
    """Return the warning above a map of made-up data; nothing for real data."""
    if not illustrative:
        return Markup("")
    told = element("strong", escaped(words["illustrative_head"])), escaped(f" {words['illustrative_banner']}")
    return element("p", *told, class_="banner", role="note")


def moments(panel: Panel) -> Markup:
    """Return the slider over the times of a map, which stands at the last of them; nothing where there is one alone."""
    if not panel.moments:
        return Markup("")
    shown, note = panel.moments[-1]
    last = len(panel.moments) - 1
    slider = attributes(
        type="range", id="moment", min=0, max=last, step=1, value=last, aria_valuetext=shown, autocomplete="off"
    )
    return element(
        "section",
        element("h2", element("label", escaped(panel.words["moment"]), for_="moment")),
        Markup(f"<input{slider}>") if last else Markup(""),
        element("output", escaped(shown), for_="moment"),
        element("p", escaped(note), class_="note"),
        class_="moments",
    )


def legend(panel: Panel) -> Markup:
    """Return the legend, whose lines switch their layers on and off."""
    title = element("h2", escaped(panel.words["legend"]))
    return element(
        "form",
        title,
        *map(_group, panel.groups),
        class_="legend",
        aria_label=panel.words["legend"],
        autocomplete="off",
    )


def ranking(panel: Panel) -> Markup:
    """Return the ranked localities, each linked to its place on the map; nothing if there are none."""
    if not panel.ranking:
        return Markup("")
    heading, unit = (panel.words[name] for name in panel.ranked)
    rows = [
        element(
            "li",
            element(
                "button",
                element("span", escaped(name)),
                Markup(" "),
                element("span", escaped(value), class_="value"),
                type="button",
                data_gap=rank,
            ),
        )
        for rank, (name, value) in enumerate(panel.ranking, 1)
    ]
    return element(
        "section",
        element("h2", escaped(heading)),
        element("p", escaped(unit.capitalize()), class_="note"),
        element("ol", *rows, class_="ranking"),
    )


def regions(panel: Panel) -> Markup:
    """Return the regions with their figures, on the map or not; nothing if there are none."""
    if not panel.regions:
        return Markup("")
    rows = [
        element("li", element("span", escaped(name)), Markup(" "), element("span", escaped(value), class_="value"))
        for name, value in panel.regions
    ]
    title = element("h2", escaped(panel.words["share"]))
    return element("section", title, element("ul", *rows, class_="shares"), class_="screen")


def credit(outlines: Iterable[SourceRecord], ground: Iterable[SourceRecord], words: Mapping[str, str]) -> Markup:
    """Return whose outlines and ground the map shows, to stand on it."""
    told = [
        words[word].format(names=", ".join(map(_credited, sources)))
        for word, sources in (("credit_outlines", tuple(outlines)), ("credit_ground", tuple(ground)))
        if sources
    ]
    return element("p", escaped(" ".join(told)), class_="credit") if told else Markup("")


def _credited(source: SourceRecord) -> str:
    return f"{source.name} ({source.licence})" if source.licence else source.name


def assumptions(panel: Panel) -> Markup:
    """Return the assumptions behind the figures; nothing if there are none."""
    if not panel.assumptions:
        return Markup("")
    lines = [element("li", escaped(each)) for each in panel.assumptions]
    title = element("h2", escaped(panel.words["assumptions"]))
    return element("section", title, element("ul", *lines, class_="plain"), class_="screen")


def sources(given: Iterable[SourceRecord], words: Mapping[str, str]) -> Markup:
    """Return the sources of the data, with links to those on the web."""
    lines = [element("li", _source(each, words)) for each in given]
    return element(
        "section",
        element("h2", escaped(words["sources"])),
        element("ul", *lines, class_="plain"),
        element("p", escaped(f"{words['borders']} {words['made_with']}"), class_="note"),
    )


def _source(source: SourceRecord, words: Mapping[str, str]) -> Markup:
    name = escaped(source.name)
    # An address with another scheme (above all javascript:) is not made a link.
    if source.url and is_web_address(source.url):
        name = element("a", name, href=source.url, rel="noopener noreferrer")
    if not source.licence:
        return name
    before, after = words["licence"].split("{licence}")
    return Markup(f"{name}{escaped(f', {before}{source.licence}{after}')}")


def _group(group: Group) -> Markup:
    lines = [element("li", _line(entry)) for entry in group.entries]
    return element(
        "fieldset",
        element("legend", _line(group.heading, every=group.switches)),
        element("ul", *lines, class_="inline" if group.inline else None) if lines else Markup(""),
        element("p", escaped(group.note), class_="note") if group.note else Markup(""),
    )


def _line(entry: Entry, *, every: bool = False) -> Markup:
    label = element("span", escaped(entry.label))
    picture = drawn(entry.swatch) if entry.swatch else Markup("")
    if not (every or entry.layer or entry.family):
        return element("span", picture, label, class_="line")
    switch = attributes(type="checkbox", checked=True, data_all=every, data_layer=entry.layer, data_family=entry.family)
    return element("label", Markup(f"<input{switch}>"), picture, label)


def drawn(swatch: Swatch) -> Markup:
    """Return the picture of a line of the legend."""
    path = attributes(
        d=swatch.path,
        fill=swatch.fill,
        fill_opacity=swatch.opacity,
        stroke=swatch.stroke,
        stroke_width=swatch.width,
        stroke_dasharray=swatch.dash or None,
    )
    box = swatch.box
    svg = attributes(class_="swatch", width=box, height=box, viewBox=f"0 0 {box} {box}", aria_hidden="true")
    return Markup(f"<svg{svg}><path{path}/></svg>")
