"""The one rule for stored texts: what they may contain, how two are compared, and how older ones are shown.

A stored text is in Unicode's form NFC, keeps its bound even where each sign is written out, and contains only what can
be seen: no control or format characters, none that turn the direction of writing, no invisible, unassigned or
private-use characters, no blanks of other widths, and on a letter at most four marks, of its own script or of none.
A text in Latin letters has none of a script that is out of general use, many of whose letters pass for Latin ones.
The joiners U+200C and U+200D are an exception, since spelling needs them: they may stand between letters that join, as
in Persian, N'Ko, Adlam or Hindi, and nowhere else.

Each column declares in its ``info`` which of the kinds below it contains. :func:`check_row` checks loaded rows by it;
input through the API or the command line is checked by the kind's function where it arrives.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping

from geo.errors import BadInput

MAX_TEXT = 200
"""Characters of a text that a user enters."""
MAX_PASSAGE = 2_000
TOO_LONG_WRITTEN_OUT = "it has more than {most:,} characters once its signs are written out; write plain letters."
_PARTS = 4
"""The most characters that combine into one when a text is normalised."""

# Default_Ignorable_Code_Point of the Unicode Character Database 16.0 (DerivedCoreProperties.txt), and the annotation
# marks U+FFF9 to U+FFFB. Most of its unassigned code points are reserved for further such characters.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# C0, DEL and C1 but for the characters that end a line.
_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_LINE_END = "\n\r\x0b\x0c\x85\u2028\u2029"
# Signs that fonts show as nothing, although Unicode counts them as seen.
_EMPTY = "\u2800\ufffc\U00013441\U00013442\U0001d159"
# Blanks of other widths than the ordinary one and the two that do not break, which French typography needs.
_BLANK = "\u1680\u2000-\u200a\u205f\u3000"
# Marks that turn the direction of the following text; they are invisible too, but have an error message of their own.
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_STACK = 4
"""Marks on one letter: Vietnamese needs two, pointed Hebrew three. More would cover the text around it."""

_UNSEEN = re.compile(f"[{_INVISIBLE}{_CONTROL}]")
# Accents that stand by themselves, of any letter, or of Hebrew, Arabic, Syriac, N'Ko and Adlam, and the strokes that
# lengthen words of Arabic and N'Ko; as in lakana.fold.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7"
    "\u06e8\u06ea-\u06ed\u0898-\u089f\u08ca-\u08e1\u08e3-\u08ff\u0711\u0730-\u074a\u07eb-\u07f3\u07fa\u07fd\U0001e944-\U0001e94a"
)
_UNCOUNTED = re.compile(f"[{_INVISIBLE}{_CONTROL}{_MARKS}]+")
_PLAIN = re.compile("[a-zA-Z\u0391-\u03a9\u03b1-\u03c9]")
_HOOKED = re.compile("LATIN (?:SMALL|CAPITAL) LETTER ([A-Z]) WITH .*")
_SPELT_OUT = str.maketrans(
    dict(zip("ɔɛɲŋ", "oenn", strict=True))
    | {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "\u0131": "i", "ĸ": "q"}
    | dict.fromkeys("ʹʺʻʼʽˆˈˋː", " ")
)
"""Letters that have no accent to be taken off, those of Bambara first, and apostrophes that count as letters."""
_LETTERS_OF_LATIN = re.compile("[ -~\xa0-\xac\xae-\u024f\u2010-\u2015\u2018-\u201f\u2026\u202f]*")
"""Most texts consist only of these characters, and all of them are allowed. Others are checked one by one."""
_PROBLEMS = (
    (re.compile(f"[{_LINE_END}]"), "it holds a line break, {what}; write it on one line"),
    (re.compile(f"[{_DIRECTION}]"), "it holds {what}, which turns the direction of writing; remove it"),
    (re.compile("[\u200c\u200d]"), "it holds {what} beside something that does not join; remove it"),
    (re.compile(f"[{_CONTROL}\t]"), "it holds the control character {what}; remove it"),
    (re.compile(f"[{_INVISIBLE}{_EMPTY}]"), "it holds {what}, which nobody sees; remove it"),
    (re.compile(f"[{_BLANK}]"), "it holds {what}, which looks like another blank; write an ordinary one"),
)
_BY_CATEGORY = {
    "Cf": "it holds {what}, which nobody sees; remove it",
    "Cn": "it holds {what}, which is no character; remove it",
    "Cs": "it holds {what}, which is no character; remove it",
    "Co": "it holds {what}, which each font shows otherwise; remove it",
}

# Blocks of the scripts whose letters are written joined (Joining_Type in ArabicShaping.txt): Arabic, Syriac,
# N'Ko, Mandaic, Mongolian, Phags-pa, Manichaean, Psalter Pahlavi, Hanifi Rohingya, Sogdian, Chorasmian, Adlam.
_JOINING = re.compile(
    "[\u0600-\u07ff\u0840-\u08ff\u1800-\u18af\ua840-\ua87f\U00010ac0-\U00010aff\U00010b80-\U00010baf"
    "\U00010d00-\U00010d3f\U00010f30-\U00010f6f\U00010fb0-\U00010fdf\U0001e900-\U0001e95f]"
)
_IN_USE = re.compile(
    "LATIN|ARABIC|ARMENIAN|BENGALI|BOPOMOFO|CJK|CYRILLIC|DEVANAGARI|ETHIOPIC|GEORGIAN|GREEK|GUJARATI|GURMUKHI|HANGUL|"
    "HEBREW|HIRAGANA|KANNADA|KATAKANA|KHMER|LAO|MALAYALAM|MYANMAR|ORIYA|SINHALA|TAMIL|TELUGU|THAANA|THAI|TIBETAN|"
    "ADLAM|NKO|TIFINAGH|VAI"
)
"""Scripts in general use, by the names of their letters: those that Unicode recommends (UAX 31), and West Africa's."""
_NUKTA, _VIRAMA = 7, 9
"""The combining classes of the signs that change a consonant, and that join two, in the scripts of India."""

_LABEL = r"[^\s<>\"{}|\\^`/?#@:.]+"
_WEB = re.compile(
    r"https?://(?:[^\s<>\"{}|\\^`/?#@]*@)?"
    # A host of four characters or more with a dot between them: one that is nearly nothing is found in every text.
    rf"(?=[^/?#:]{{4}}){_LABEL}(?:\.{_LABEL})+\.?(?::[0-9]+)?"
    r"(?:[/?#][^\s<>\"{}|\\^`]*)?",
    re.IGNORECASE,
)


def name(field: str, value: str) -> str:
    """Return a name as it is stored: one line of 1 to 200 characters with at least one letter.

    Parameters
    ----------
    field
        The name of the text in errors.
    value
        The text; blanks around it are dropped.

    Raises
    ------
    BadInput
        Names the field, what is wrong and what to change.

    Examples
    --------
    >>> name("name", " ONG Kanuya ")
    'ONG Kanuya'
    >>> name("name", "ONG \u202eKanuya")
    Traceback (most recent call last):
    geo.errors.BadInput: name: it holds U+202E RIGHT-TO-LEFT OVERRIDE, which turns the direction of writing; remove it.
    >>> name("name", "=1+1")
    Traceback (most recent call last):
    geo.errors.BadInput: name: it holds no letter; give a name that can be read.

    """
    checked = line(field, value)
    if not any(map(_is_letter, unicodedata.normalize("NFKC", checked))):  # letters as folding counts them
        raise BadInput(field, "it holds no letter; give a name that can be read.")
    return checked


def line(field: str, value: str) -> str:
    """Return one line of 1 to 200 characters, with or without letters, as it is stored; raises as :func:`name` does."""
    return _checked(field, value, lines=False)


def prose(field: str, value: str) -> str:
    r"""Return a text of 1 to 200 characters that may have several lines, ended by ``\n``; raises as :func:`name` does.

    Examples
    --------
    >>> prose("reason", "Déménagé\r\nen mars")
    'Déménagé\nen mars'

    """
    return _checked(field, value.replace("\r\n", "\n"), lines=True)


def passage(field: str, value: str) -> str:
    """Return a text of a data set, of 1 to 2,000 characters, perhaps in several lines; raises as :func:`name` does."""
    return _checked(field, value.replace("\r\n", "\n"), lines=True, most=MAX_PASSAGE)


def identifier(field: str, value: str) -> str:
    """Return unchanged an identifier that others compare by bytes; refuse one that :func:`line` would change."""
    if line(field, value) != value:
        raise BadInput(
            field, "it begins or ends with a blank, or is not in Unicode's form NFC; give it as it is issued."
        )
    return value


def web_address(field: str, value: str) -> str:
    """Return a web address, http or https; raises as :func:`name` does.

    Examples
    --------
    >>> web_address("url", "https://example.org/données")
    'https://example.org/données'
    >>> web_address("url", "javascript:alert(1)")
    Traceback (most recent call last):
    geo.errors.BadInput: url: give an address like https://example.org, without blanks, at most 200 characters.

    """
    checked = line(field, value)
    if not is_web_address(checked):
        raise BadInput(
            field, f"give an address like https://example.org, without blanks, at most {MAX_TEXT} characters."
        )
    return checked


def is_web_address(value: str) -> bool:
    """Return whether a text is an address that a page may link to, which a ``javascript:`` address is not."""
    return _WEB.fullmatch(value) is not None and not any(_refused(value))


def visible(value: str) -> str:
    """Return a text without its invisible characters; the rest is compared, here as by ``lakana.fold``.

    Examples
    --------
    >>> visible("ONG Kan\u200buya") == "ONG Kanuya"
    True

    """
    return _UNSEEN.sub("", value)


def longest_form(value: str) -> int:
    """Return how many characters a text has, or its form by which texts are compared where that has more.

    Signs that stand for several letters are written out for that: a text of 100 may have 1,800 then.

    Examples
    --------
    >>> longest_form("Ké"), longest_form("\ufdfa")
    (2, 18)

    """
    return len(value) if value.isascii() else max(len(value), len(unicodedata.normalize("NFKC", value)))


def fold(value: str) -> str:
    """Return a text in lower case without accents, punctuation and what nobody sees, by which names are compared.

    It is what ``lakana.fold`` gives for the letters of Latin that are in use, Greek, Arabic, N'Ko and Indian scripts.

    Examples
    --------
    >>> fold("M’Pessoba") == fold("m pessoba") == "m pessoba"
    True
    >>> fold("سيكـاسو") == fold("سِيكاسو") == fold("سيكاسو")
    True

    """
    plain = _UNCOUNTED.sub("", unicodedata.normalize("NFKC", value))
    letters = "".join(_without_accent(each).lower() for each in plain).translate(_SPELT_OUT)
    return " ".join("".join(each if each.isalnum() or _is_vowel(each) else " " for each in letters).split())


def _is_vowel(mark: str) -> bool:
    """Return whether a mark is the sign of a vowel in a script of India, where other marks belong to consonants."""
    return unicodedata.category(mark)[0] == "M" and unicodedata.combining(mark) not in (_NUKTA, _VIRAMA)


def _without_accent(character: str) -> str:
    if character.isascii():
        return character
    letter = unicodedata.normalize("NFD", character)[0]
    if _PLAIN.match(letter):
        return letter
    hooked = _HOOKED.fullmatch(unicodedata.name(character, ""))
    return hooked[1] if hooked else character


def shown(value: str) -> str:
    r"""Return a text as it can be shown anywhere: characters of an older row that the rule refuses become U+FFFD.

    Examples
    --------
    >>> shown("ONG \x1b[2J\u202eKanuya")
    'ONG �[2J�Kanuya'

    """
    refused = dict(_refused(value))
    return "".join("\ufffd" if at in refused else each for at, each in enumerate(value)) if refused else value


def shown_lines(value: str) -> str:
    """Return a text of several lines as it can be shown, each line by :func:`shown`."""
    return "\n".join(map(shown, value.split("\n")))


def _checked(field: str, value: str, *, lines: bool, most: int = MAX_TEXT) -> str:
    # Normalising sorts marks, which is slow for many marks, so a text that is far too long is refused before.
    checked = unicodedata.normalize("NFC", value).strip() if len(value) <= _PARTS * most else ""
    if not 1 <= len(checked) <= most:
        raise BadInput(field, f"give from 1 to {most:,} characters.")
    for at, problem in _refused(checked):
        if not (lines and checked[at] == "\n"):
            raise BadInput(field, problem.format(what=_named(checked[at])) + ".")
    if (letter := _out_of_use_beside_latin(checked)) is not None:
        raise BadInput(
            field, f"it holds {_named(letter)}, which may pass for another beside Latin letters; write in one script."
        )
    if longest_form(checked) > most:
        raise BadInput(field, TOO_LONG_WRITTEN_OUT.format(most=most))
    return checked


def _out_of_use_beside_latin(value: str) -> str | None:
    """Return a letter of a script out of general use, if there is one and Latin letters too."""
    if _LETTERS_OF_LATIN.fullmatch(value):
        return None
    scripts = {_script(each): each for each in unicodedata.normalize("NFKC", value) if _is_letter(each)}
    others = [each for script, each in scripts.items() if not _IN_USE.fullmatch(script)]
    return others[0] if others and "LATIN" in scripts else None


def _refused(value: str) -> Iterator[tuple[int, str]]:
    """Yield the position of each character that is not allowed, and what is wrong with it."""
    if _LETTERS_OF_LATIN.fullmatch(value):
        return
    marks, letter = 0, ""
    for at, each in enumerate(value):
        category = unicodedata.category(each)
        marks = marks + 1 if category[0] == "M" else 0
        if not marks and category != "Cf":
            letter = each
        problem = next((told for kind, told in _PROBLEMS if kind.match(each)), _BY_CATEGORY.get(category))
        if problem is not None:
            if not _joins(value, at):
                yield at, problem
        elif marks > _STACK:
            yield at, f"it holds {{what}} on a letter that bears {_STACK} marks already; remove it"
        elif marks and not _of_its_script(each, letter):
            yield at, "it holds {what}, a mark of another script than its letter; remove it"


def _of_its_script(mark: str, letter: str) -> bool:
    """Return whether a mark belongs to no script or to its letter's, by the first words of their names.

    Fonts show many marks as nothing on a letter of another script.
    """
    script = _script(mark)
    return script == "COMBINING" or script == _script(letter or "\0")


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


def _named(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


def _joins(value: str, at: int) -> bool:
    """Return whether a joiner stands where spelling may need it: beside a virama, or between letters that join."""
    if value[at] not in "\u200c\u200d" or not 0 < at < len(value) - 1:
        return False
    before, after = value[at - 1], value[at + 1]
    if unicodedata.combining(before) == _VIRAMA:
        return _is_letter(after)
    if unicodedata.combining(after) == _VIRAMA:
        return _is_letter(before)
    return _joining(value, at - 1, -1) and _joining(value, at + 1, 1)


def _joining(value: str, at: int, step: int) -> bool:
    """Return whether the next letter on one side, marks skipped, is of a script whose letters join."""
    while 0 <= at < len(value) and unicodedata.category(value[at]).startswith("M"):
        at += step
    return 0 <= at < len(value) and _is_letter(value[at]) and _JOINING.match(value[at]) is not None


def _is_letter(character: str) -> bool:
    # Modifier letters do not count, since folding may remove them.
    return unicodedata.category(character) in {"Lu", "Ll", "Lt", "Lo"}


Check = Callable[[str, str], str]

KINDS: Mapping[str, Check] = {
    "name": name,
    "line": line,
    "prose": prose,
    "passage": passage,
    "web_address": web_address,
}
"""The kinds of text that a column's ``info`` can name."""
