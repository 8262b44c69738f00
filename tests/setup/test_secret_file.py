"""The secrets of the machine: made once, private, or given."""

from __future__ import annotations

import stat

import pytest

from geo.cluster.secret_file import PEPPER, RELEASE_KEY
from geo.errors import SetupError

BOTH = pytest.mark.parametrize("secret", [RELEASE_KEY, PEPPER], ids=lambda secret: secret.name)


@BOTH
def test_made_once_and_readable_by_its_owner_only(tmp_path, secret):
    key = secret.load(tmp_path / "data", None)
    assert len(key) == 32
    assert secret.load(tmp_path / "data", None) == key
    assert stat.S_IMODE((tmp_path / "data" / secret.name).stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == [secret.name]


def test_each_has_a_secret_of_its_own(tmp_path):
    assert RELEASE_KEY.load(tmp_path, None) != PEPPER.load(tmp_path, None)


@BOTH
def test_a_given_one_takes_the_files_place(tmp_path, secret):
    assert secret.load(tmp_path, "ab" * 32) == b"\xab" * 32
    assert not list(tmp_path.iterdir())


@BOTH
@pytest.mark.parametrize("written", ["", "ab" * 31, "no hexadecimal number " * 4])
def test_a_bad_one_is_refused_and_not_shown(tmp_path, secret, written):
    (tmp_path / secret.name).write_text(written)
    (tmp_path / secret.name).chmod(0o600)
    for given, name in ((written, secret.variable), (None, str(tmp_path / secret.name))):
        with pytest.raises(SetupError) as caught:
            secret.load(tmp_path, given)
        assert str(caught.value).startswith(name)
        assert "ab" * 31 not in str(caught.value)
        assert "no hexadecimal number" not in str(caught.value)


@BOTH
@pytest.mark.parametrize("mode", [0o640, 0o620, 0o604, 0o602, 0o644, 0o777])
def test_a_file_that_others_may_use_is_refused_with_the_way_to_close_it(tmp_path, secret, mode):
    key = secret.load(tmp_path, None)
    path = tmp_path / secret.name
    path.chmod(mode)
    with pytest.raises(SetupError, match=f"chmod 600 {path}$") as caught:
        secret.load(tmp_path, None)
    assert key.hex() not in str(caught.value)
    path.chmod(0o600)
    assert secret.load(tmp_path, None) == key
