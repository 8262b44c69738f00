"""The rule for stored texts, at its edges."""

import unicodedata

import pytest

from geo import texts
from geo.errors import BadInput

JOINED = {
    "Persian": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "Arabic with marks": "\u0643\u064f\u200d\u0651\u062a",
    "N'Ko": "\u07d8\u07cb\u07f2\u200d\u07d8\u07cb",
    "Adlam": "\U0001e922\u200c\U0001e923",
    "Mongolian": "\u182e\u200d\u1823",
    "Hindi": "\u0915\u094d\u200d\u0937",
    "Bengali": "\u09b0\u200d\u09cd\u09af",
    "Sinhala": "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
}
APART = {
    "Latin": "ON\u200cG",
    "at the end": "\u0645\u200d",
    "at the beginning": "\u200d\u0645",
    "beside a blank": "\u0645\u200c \u062e",
    "twice": "\u0645\u200c\u200c\u062e",
    "half Latin": "\u0645\u200cG",
    "digits": "\u0645\u200c1",
    "a virama with nothing": "\u0915\u094d\u200d",
    "emoji": "A \U0001f468\u200d\U0001f469",
}


@pytest.mark.parametrize("name", JOINED.values(), ids=JOINED)
def test_a_joiner_stands_between_letters_that_join(name):
    assert texts.name("name", name) == unicodedata.normalize("NFC", name) == texts.shown(name)


@pytest.mark.parametrize("name", APART.values(), ids=APART)
def test_a_joiner_stands_nowhere_else(name):
    with pytest.raises(BadInput, match=r"^name: it holds U\+200[CD] "):
        texts.name("name", name)
    assert "\ufffd" in texts.shown(name)


@pytest.mark.parametrize("code", [0, 7, 0x1B, 0x7F, 0x85, 0x9F, 0xAD, 0x61C, 0x200B, 0x200E, 0x2028, 0x202E, 0x2066, 0x3164,
                                  0xFE0F, 0xFEFF, 0xFFF9, 0xFDD0, 0xFFFE, 0xD800, 0xDFFF, 0xE0041, 0x10FFFF, 0x0604, 0x2800,
                                  0xFFFC, 0xE000, 0xF8FF, 0x0378, 0x13430, 0x13441, 0x1D159, 0x16FE4, 0x1BC9D, 0x2D7F, 0x0E48, 0x2009, 0x200A,
                                  0x1680, 0x205F, 0x3000])  # fmt: skip
@pytest.mark.parametrize("check", [texts.name, texts.line, texts.prose, texts.passage])
def test_what_may_not_stand_in_any_text(code, check):
    with pytest.raises(
        BadInput,
        match=rf"^field: it holds .*U\+{code:04X}\b.*; (remove it|write it on one line|write an ordinary one)\.$",
    ):
        check("field", f"Un{chr(code)}nom")
    assert texts.shown(f"Un{chr(code)}nom") == "Un\ufffdnom"


@pytest.mark.parametrize(
    "name",
    [
        "Ɔɲɔgɔn",
        "Segu Kalan Yɔrɔ",
        "ߛߌߟߊ",
        "\U0001e906\U0001e935\U0001e924",
        "L’espoir – 2",
        "M\u00a0A",
        "Appui\u202f: 2",
    ],
)
def test_names_of_the_land(name):
    assert texts.name("name", name) == name == texts.shown(name)


@pytest.mark.parametrize(
    "name",
    ["\ua4d7anuya", "\U0001028banuya", "Kan\U000104ceya", "\u13e6\u13aanuya", "\U0001028b anuya", "Foyer \U0001028b"],
)
@pytest.mark.parametrize("check", [texts.name, texts.line, texts.prose, texts.passage])
def test_letters_out_of_general_use_do_not_stand_beside_latin_ones(name, check):
    """They were stored, and read as "Kanuya"."""
    with pytest.raises(BadInput, match=r"^field: it holds U\+1?[0-9A-F]{4} .* LETTER .*; write in one script\.$"):
        check("field", name)
    assert texts.shown(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "\ua4d7\ua4ee\ua4e0\ua4f4\ua4ec\ua4ee",
        "\u13e3\u13b3\u13a9",
        "Ségou \u07db\u07cb\u07d3\u07ce",
        "Kidal \u2d3e\u2d38\u2d4d",
        "卡拉OK",
        "\u1260UNICEF",
        "1\u00aa, \u00b5, \u211d",
    ],
)
def test_but_by_themselves_and_scripts_in_general_use_do(name):
    assert texts.line("name", name) == name


def test_length_counts_what_is_stored():
    assert texts.name("name", "e\u0301" * texts.MAX_TEXT) == "é" * texts.MAX_TEXT
    for refused in ("", "   ", "a" * (texts.MAX_TEXT + 1), "a" * 10**6):
        with pytest.raises(BadInput, match="give from 1 to 200 characters"):
            texts.name("name", refused)
    assert len(texts.passage("note", "a" * texts.MAX_PASSAGE)) == texts.MAX_PASSAGE


def test_marks_by_the_thousand_take_no_time():
    with pytest.raises(BadInput):
        texts.name("name", "a" + "\u0301\u0316" * 50_000)


def test_a_letter_bears_four_marks_and_no_more():
    assert texts.name("name", "Zo\u0323\u0330\u0331\u0332") == "Zọ\u0330\u0331\u0332"
    stacked = "Z" + "\u0330\u0331\u0332\u0333\u0347"
    with pytest.raises(BadInput, match=r"U\+0347 .* bears 4 marks already; remove it"):
        texts.name("name", stacked)
    assert texts.shown(stacked) == stacked[:-1] + "\ufffd"


@pytest.mark.parametrize(
    "name",
    [
        "\u2d5c\u2d7f\u2d5c",
        "\u07d8\u07cb\u07f2",
        "\u0645\u064f\u0651\u062f",
        "\u0915\u094d\u200d\u0937\u093f",
        "Z\u0333\u0e01\u0e34",
    ],
)
def test_a_letter_bears_the_marks_of_its_script(name):
    assert texts.name("name", name) == name == texts.shown(name)


@pytest.mark.parametrize("name", ["a \u07f2", "\u07f2\u07d8", "\u07d8\u07cb1\u07f2", "\u0645\u07f2"])
def test_and_none_of_another_script(name):
    with pytest.raises(BadInput, match=r"U\+07F2 NKO .*, a mark of another script than its letter; remove it"):
        texts.name("name", name)
    assert texts.shown(name) == name.replace("\u07f2", "\ufffd")


def test_lines_are_for_prose():
    assert texts.prose("reason", "un\r\ndeux\ntrois") == "un\ndeux\ntrois"
    with pytest.raises(BadInput, match="write it on one line"):
        texts.line("contact", "un\ndeux")
    assert texts.shown_lines("un\x1b\ndeux") == "un\ufffd\ndeux"


def test_an_identifier_is_as_it_is_issued():
    assert texts.identifier("subject", "auth0|1") == "auth0|1"
    for changed in (" a", "a ", "e\u0301"):
        with pytest.raises(BadInput, match="as it is issued"):
            texts.identifier("subject", changed)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://example.org", True),
        ("http://example.org:8080/a?b=c#d", True),
        ("https://example.org/données", True),
        ("HTTPS://EXAMPLE.ORG", True),
        ("https://www2.exemple.ml./a", True),
        ("https://a@exemple.ml", True),
        ("https://www.", False),
        ("https://:80", False),
        ("https://x", False),
        ("https://a.b", False),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)//https://", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https:///x", False),
        ("https://a b", False),
        ("https://a\u00a0b", False),
        ("https://a\u202eb", False),
        ('https://a"onclick=x', False),
        ("ftp://example.org", False),
    ],
)
def test_addresses(address, good):
    assert texts.is_web_address(address) is good
    if not good:
        with pytest.raises(BadInput, match=r"^url: "):
            texts.web_address("url", address)
