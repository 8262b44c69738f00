"""Backups that only one key can read, and their rehearsal."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli.main import app
from geo.cluster import backup, encryption, rehearsal
from geo.database.owner import owner_transaction
from geo.errors import SetupError

pytestmark = [
    pytest.mark.database,
    pytest.mark.skipif(shutil.which("gpg") is None, reason="gpg is not installed"),
]
RECIPIENT = "keeper@example.org"


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    """A folder of gpg with one key that has no password."""
    folder = tmp_path_factory.mktemp("gnupg")
    folder.chmod(0o700)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("GNUPGHOME", str(folder))
        made = ["gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key", RECIPIENT, "default", "default"]
        subprocess.run(made, check=True, capture_output=True)
        yield folder
        subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True)


@pytest.fixture(scope="module")
def encrypted(keys, seeded_url, tmp_path_factory):
    file = tmp_path_factory.mktemp("backup") / "lakana.gpg"
    backup.backup(seeded_url, file, recipient=RECIPIENT)
    return file


def test_an_encrypted_backup_is_rehearsed_and_compared(encrypted, seeded_url, open_folder, monkeypatch):
    assert not encrypted.read_bytes().startswith(encryption.PLAIN_HEADER)
    assert not list(encrypted.parent.glob(".*")), "nothing plain is left beside it"
    found = rehearsal.rehearse(seeded_url, encrypted, open_folder)
    assert found.wrong == ()
    assert found.entries > 0
    many, now = found.rows["lakana.service"]
    assert many == now
    assert many > 500
    assert not list(open_folder.glob("rehearsal-*"))
    monkeypatch.setenv("LAKANA_DATA_DIR", str(open_folder))
    told = CliRunner().invoke(app, ["db", "rehearse", str(encrypted), "--alone"], catch_exceptions=False)
    assert (told.exit_code, "The backup can be restored." in told.output) == (0, True)


def test_of_another_database_it_says_so(encrypted, copy_seeded, open_folder):
    other = copy_seeded()
    with owner_transaction(other) as connection:  # the log is written anew
        connection.execute(text("ALTER TABLE audit.entry DISABLE TRIGGER ALL"))
        connection.execute(text("UPDATE audit.entry SET hash = md5(hash)"))
    (wrong,) = rehearsal.rehearse(other, encrypted, open_folder).wrong
    assert "is of another, or of a copy" in wrong


def test_a_cut_one_restores_nothing(encrypted, make_database, tmp_path):
    cut, url = tmp_path / "cut.gpg", make_database()
    cut.write_bytes(encrypted.read_bytes()[:-100_000])
    with pytest.raises(SetupError, match="was cut or edited"):
        backup.restore(url, cut)
    with owner_transaction(url) as connection:
        assert backup.tables(connection) == []


def test_what_cannot_be_encrypted_leaves_no_file(keys, seeded_url, tmp_path):
    with pytest.raises(SetupError, match="could not be encrypted"):
        backup.backup(seeded_url, tmp_path / "b.gpg", recipient="nobody@example.org")
    assert list(tmp_path.iterdir()) == []


def gpg(*given):
    return subprocess.run(["gpg", "--batch", "--quiet", *given], check=True, capture_output=True).stdout


@pytest.fixture
def stranger(keys, tmp_path, monkeypatch):
    """The fingerprint and the file of a public key that somebody has sent, and of which nobody has said that it is trusted."""
    listed = gpg("--with-colons", "--fingerprint", RECIPIENT).decode()
    fingerprint = next(line for line in listed.splitlines() if line.startswith("fpr")).split(":")[9]
    file = tmp_path / "keeper.asc"
    file.write_bytes(gpg("--armor", "--export", RECIPIENT))
    home = tmp_path / "home"
    home.mkdir(0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    gpg("--import", str(file))
    yield fingerprint, file
    subprocess.run(["gpgconf", "--kill", "all"], check=False, capture_output=True)


def test_a_key_is_taken_unquestioned_by_its_fingerprint_or_its_file_alone(stranger, seeded_url, tmp_path):
    """By an address, or a short id, a backup was readable for whoever had sent a key of that name."""
    fingerprint, key = stranger
    for number, doubtful in enumerate((RECIPIENT, fingerprint[-16:], fingerprint[-8:])):
        file = tmp_path / f"{number}.gpg"
        with pytest.raises(SetupError, match="could not be encrypted"):
            backup.backup(seeded_url, file, recipient=doubtful)
        assert not file.exists()
    halves = f"{fingerprint[:20]}  {fingerprint[20:]}"
    for number, sure in enumerate((fingerprint, halves, str(key))):
        file = tmp_path / f"sure {number}.gpg"
        backup.backup(seeded_url, file, recipient=sure)
        assert file.read_bytes()[0] & 0x80


def test_a_file_of_keys_of_age_is_for_age(tmp_path, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: name)
    file = tmp_path / "keepers.txt"
    file.write_text("# both keepers\nage1one\nage1two\n")
    assert encryption.encryptor(str(file)) == ["age", "--encrypt", "--recipients-file", str(file)]
    assert encryption.encryptor("age1one") == ["age", "--encrypt", "--recipient", "age1one"]


def test_age_needs_its_private_key(tmp_path):
    file = tmp_path / "b.age"
    file.write_bytes(b"age-encryption.org/v1\n")
    with pytest.raises(SetupError, match="--identity"):
        encryption.decryptor(file, None)
