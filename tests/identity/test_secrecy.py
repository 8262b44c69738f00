"""Secrets are in no log, no figure, no text of an error and no repr."""

from __future__ import annotations

import logging

import psycopg2
import pytest
import structlog

from api import errors
from api.http import observation
from api.identity import oidc
from api.identity.admission import pepper
from geo.database.owner import owner_transaction
from geo.database.session import Session
from geo.identity.keys import Token
from tests.identity.conftest import PEPPER, bearer
from tests.identity.issuer import AUDIENCE
from tests.identity.test_keys import altered

SECRET = "c0ffee" * 11


def test_settings_show_no_secret(settings):
    shown = repr(settings(key_pepper=SECRET, release_key=SECRET, database_url=f"postgresql://o:{SECRET}@h/d"))
    assert SECRET not in shown
    assert "key_pepper" in shown  # control: it is shown, but masked


@pytest.mark.parametrize("broken", ["c0ffee", "no hexadecimal " * 9])
def test_a_bad_pepper_is_refused_and_not_shown(settings, broken):
    from geo.errors import SetupError  # noqa: PLC0415

    with pytest.raises(SetupError, match="LAKANA_KEY_PEPPER") as refused:
        pepper(settings(key_pepper=broken))
    assert broken not in str(refused.value)


@pytest.fixture
def logged(capsys, caplog, monkeypatch):
    """Return all that was logged, by structlog and by the libraries at their most talkative."""
    caplog.set_level(logging.DEBUG)
    structlog.reset_defaults()
    # A logger that was used before keeps writing to the stream of its first test.
    for module in (observation, errors, oidc):
        monkeypatch.setattr(module, "log", structlog.get_logger("lakana"))
    yield lambda: "".join(capsys.readouterr()) + caplog.text
    structlog.reset_defaults()


@pytest.mark.database
def test_nothing_is_logged_or_told_of_keys_and_tokens(client, key, issuer, url, logged):
    send = client(oidc_issuer=issuer.url, oidc_audience=AUDIENCE)
    good, person = key(), issuer.token()
    parsed = Token.parse(good)
    assert parsed is not None
    shown = [good, *altered(good), person, issuer.token("ec"), person[:-5], "Basic " + good]
    answers = [send(headers=bearer(each)) for each in shown]
    answers.append(send("GET", "/metrics"))
    issuer.away = True
    answers.append(client(oidc_issuer=issuer.url, oidc_audience=AUDIENCE)(headers=bearer(person)))
    with owner_transaction(url) as connection:
        digest = connection.exec_driver_sql(
            "SELECT digest FROM identity.key WHERE prefix = %s", (parsed.prefix,)
        ).scalar()
    assert digest
    told = logged() + "".join(answer.text + str(answer.headers) for answer in answers)
    for captured in ("request_id", "identity provider gives no keys", "HTTP Request"):  # control
        assert captured in told
    for secret in (parsed.secret, PEPPER, digest, *person.split("."), *issuer.token("ec").split(".")[2:]):
        assert secret not in told
        assert secret[3:-3] not in told


@pytest.mark.database
def test_what_the_database_says_of_a_look_up_is_not_told(client, key, logged, monkeypatch):
    quoted = "lakana_quoted_by_the_database"

    async def refused(*_):
        return psycopg2.DataError(quoted)

    send = client()
    monkeypatch.setattr(Session, "answer", refused)
    answer = send(headers=bearer(key()))
    assert answer.status_code == 503
    told = logged() + answer.text
    assert "internal error" in told  # control
    assert quoted not in told
