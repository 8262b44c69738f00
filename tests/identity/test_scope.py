"""Scopes: partners have an organisation and perhaps an area, planners perhaps an organisation, others neither."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from geo.errors import BadInput
from geo.identity import keys
from geo.identity.scope import Scope
from tests.identity.conftest import AREA, ORGANIZATION, SCOPES
from tests.identity.test_keys import NOW, execute

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (("public",), "audience"),
        (("",), "audience"),
        (("partner",), "organization"),
        (("partner", " "), "organization"),
        (("planner", ORGANIZATION, AREA), "area"),
        (("steward", None, AREA), "area"),
        (("custodian", ORGANIZATION, AREA), "organization"),
    ],
)
def test_a_scope_fits_its_audience(given, field):
    with pytest.raises(BadInput, match=f"^{field}: "):
        Scope(*given)


@pytest.mark.parametrize(
    ("scope", "field"),
    [
        (("partner", "Nobody"), "organization"),
        (("partner", "00000000-0000-4000-8000-000000000000"), "organization"),
        (("partner", ORGANIZATION, "T:Z"), "area"),
    ],
)
def test_a_scope_names_what_is_there(url, scope, field):
    before = len(keys.listed(url))
    with pytest.raises(BadInput, match=f"^{field}: "):
        keys.create(url, b"p" * 32, "x", Scope(*scope), NOW)
    with pytest.raises(BadInput, match=r"^name: "):
        keys.create(url, b"p" * 32, " ", SCOPES["PLANNER"], NOW)
    assert len(keys.listed(url)) == before


def test_the_database_holds_scopes_to_their_audience_too(url):
    """A control: what the command refuses, a slip elsewhere could not write either."""
    for audience, organization in (("PARTNER", "NULL"), ("STEWARD", "(SELECT id FROM lakana.organization LIMIT 1)")):
        with pytest.raises(IntegrityError, match=r"key_scope_check|bound to a person"):
            execute(
                url,
                "INSERT INTO identity.key (prefix, digest, name, audience, organization_id, expires_at) "
                f"VALUES ('x', 'x', 'x', '{audience}', {organization}, now())",
            )


def test_a_planner_may_belong_to_an_organisation(url):
    token = keys.create(url, b"p" * 32, "x", Scope("planner", ORGANIZATION), NOW)
    [mine] = [each for each in keys.listed(url) if each.prefix in token]
    assert (mine.audience, mine.organization) == ("PLANNER", ORGANIZATION)
