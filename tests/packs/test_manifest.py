"""The manifest of a pack: read strictly, checked part by part, and begun by a skeleton."""

from __future__ import annotations

import datetime as dt

import pytest
from typer.testing import CliRunner

from api.cli.main import app
from geo.errors import BadInput
from geo.vocabulary import ActorKind
from seeds import seeding
from seeds.packs import check, manifest, skeleton
from seeds.packs.check import State
from tests.packs import vela


def read(tmp_path, text):
    (tmp_path / manifest.FILE).write_text(text, encoding="utf-8")
    return manifest.read(tmp_path)


def test_a_manifest_says_what_a_country_is(tmp_path):
    pack = manifest.read(vela.write(tmp_path))
    assert (pack.code, pack.region, pack.time_zone, pack.languages) == ("XVL", "FJ", "Pacific/Fiji", ("ka", "en"))
    assert [pack.name(each) for each in ("fr", "en", "bm")] == ["Véla", "Velaa", "ველა"]
    assert pack.appointed == (ActorKind.SOCIAL_SERVICE,)
    assert [each.kind for each in pack.files] == ["areas", "population", "localities", "services"]
    assert pack.files[1].options.as_of == dt.date(2024, 1, 1)
    assert pack.divisions[0].levels[2] == {"fr": "île", "en": "island", "ka": "კუნძული"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("tme_zone = 'Africa/Niamey'", "tme_zone"),
        ("[law]\nholyday = 'x.csv'", "law.holyday"),
        ("[law]\nappointed = ['KING']", "law.appointed"),
        ("languages = 'fr'", "languages"),
        ("languages = [1]", "languages"),
        ("[names]\nfr = 1", "names"),
        ("[hiding]\npeople = 10", "people"),
        ("[hiding]\npeople = true", "hiding.people"),
        ("[[files]]\npath = 'x.csv'", "files.1.kind"),
        ("[[files]]\nkind = 'areas'\npath = '../x.csv'", "files.1.path"),
        ("[[files]]\nkind = 'areas'\npath = '/etc/passwd'", "files.1.path"),
        ("[[files]]\nkind = 'areas'\npath = 'x.csv'\nas_of = '2024'", "files.1.as_of"),
        ("[[files]]\nkind = 'areas'\npath = 'x.csv'\ndates = 'first'", "files.1.dates"),
        ("[[divisions]]\nscheme = 'A'", "divisions.1.scheme"),
        (
            "languages = ['ka']\n[[divisions]]\nscheme = 'A'\nnation = 'A'\nlevels = [{ de = 'Land' }]",
            "divisions.1.levels.1.de",
        ),
        ("readers = 'os'", "readers"),
        ("[illustration]\noffices = ['KING']", "illustration.offices"),
        ("[illustration.hotspots]\nKING = []", "illustration.hotspots.KING"),
        ("names = {", "country.toml"),
    ],
)
def test_what_is_not_as_it_should_be_is_named(tmp_path, text, key):
    with pytest.raises(BadInput) as caught:
        read(tmp_path, text)
    assert caught.value.field == key


def test_a_folder_without_a_manifest_is_no_pack(tmp_path):
    with pytest.raises(BadInput, match="lakana country new"):
        manifest.read(tmp_path)


def test_the_skeleton_is_filled_with_what_is_known(tmp_path):
    pack = manifest.read(skeleton.write(tmp_path, "ner").parent)
    assert (pack.code, pack.region, pack.time_zone, pack.languages) == ("NER", "NE", "Africa/Niamey", ("fr",))
    assert pack.names == {"fr": "Niger", "en": "Niger"}
    assert not check.is_loadable(check.check(pack))  # it has no areas yet
    with pytest.raises(BadInput, match="already"):
        skeleton.write(tmp_path, "NER")
    with pytest.raises(BadInput, match="three letters"):
        skeleton.write(tmp_path / "other", "NE")


def test_of_a_country_that_nobody_knows_the_skeleton_leaves_blanks(tmp_path):
    pack = manifest.read(skeleton.write(tmp_path, "XVL").parent)
    assert (pack.region, pack.time_zone, pack.languages, pack.names) == (None, None, (), {})


def test_the_check_says_what_does_not_work_without(tmp_path):
    findings = {each.part[1]: each for each in check.check(read(tmp_path, 'code = "XVL"'))}
    assert {each.state for each in findings.values()} == {State.MISSING}
    means = findings["Time zone (time_zone)"].means
    assert means is not None
    assert means[1] == "No service is said to be open or closed."
    assert {each.state for each in check.check(manifest.read(vela.write(tmp_path)))} == {State.HERE}


def test_the_check_says_where_no_language_is_spoken_here(tmp_path):
    [found] = [each for each in check.check(read(tmp_path, 'languages = ["ka"]')) if "(languages)" in each.part[1]]
    assert (found.state, found.means and found.means[1][:35]) == (State.MISSING, "Lakana speaks none of them: answers")


@pytest.mark.parametrize(
    ("was", "becomes", "part"),
    [
        ("Pacific/Fiji", "Pacific/Velaa", "time_zone"),
        ('region = "FJ"', 'region = "QX"', "dialling.region"),
        ("data/holidays.csv", "data/none.csv", "law.holidays"),
        ("data/people.csv", "data/none.csv", "none.csv"),
        ('kind = "population"', 'kind = "people"', "people.csv"),
        ("data/people.csv", "data/holidays.csv", "holidays.csv (population)"),
    ],
)
def test_the_check_says_what_is_wrong(tmp_path, was, becomes, part):
    pack = manifest.read(vela.write(tmp_path, vela.MANIFEST.replace(was, becomes)))
    wrong = [each.part[1] for each in check.check(pack) if each.state is State.WRONG]
    assert len(wrong) == 1
    assert part in wrong[0]
    assert not check.is_loadable(check.check(pack))


def test_the_pack_of_the_seeds_lacks_nothing():
    assert {each.state for each in check.check(manifest.read(seeding.USUAL))} == {State.HERE}


@pytest.mark.parametrize(
    ("language", "words"), [("en_GB", "Nothing can be loaded."), ("fr_FR", "Rien ne peut être chargé.")]
)
def test_the_commands_write_a_skeleton_and_say_what_it_lacks(tmp_path, monkeypatch, language, words):
    monkeypatch.setenv("LANGUAGE", language)
    folder = tmp_path / "ner"
    made = CliRunner().invoke(app, ["country", "new", "NER", str(folder)])
    assert (made.exit_code, made.stdout.strip()) == (0, str(folder / "country.toml"))
    told = CliRunner().invoke(app, ["country", "check", str(folder)])
    assert told.exit_code == 3
    assert words in told.stdout
    whole = CliRunner().invoke(app, ["country", "check", str(vela.write(tmp_path / "vela"))])
    assert whole.exit_code == 0
    assert f"lakana seed {tmp_path / 'vela'}" in whole.stdout
