"""The desk where there are several nations, one of which is chosen, and where there is none."""

from __future__ import annotations

import re

import httpx
import pytest

from api.app import create_app
from api.desk.choices import PROBLEMS
from api.settings import Settings
from tests.planning.test_maps_of_nations import nations_url  # noqa: F401  a fixture

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def get(run, nations_url, empty_url):  # noqa: F811
    apps = {each: create_app(Settings(), url) for each, url in (("two", nations_url), ("none", empty_url))}

    def ask(which: str, address: str) -> httpx.Response:
        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(app=apps[which])
            async with httpx.AsyncClient(transport=transport, base_url="http://lakana.test") as client:
                return await client.get(address)

        told: httpx.Response = run(answer())
        return told

    yield ask
    for app in apps.values():
        app.state.resources.close()


def test_a_country_is_chosen_where_there_are_several(get):
    page = get("two", "/?lang=en")
    assert page.status_code == 200
    assert PROBLEMS["nation"] in page.text
    assert set(re.findall(r'type="radio" name="area" value="([^"]+)"', page.text)) == {"TW:W", "TE:E"}


@pytest.mark.parametrize("code", ["W", "E"])
def test_a_country_has_its_own_children_and_services_alone(get, code):
    page = get("two", f"/?lang=en&need=MEDICAL&area=T{code}:{code}")
    assert page.status_code == 200
    assert re.findall("<dd>([^<]+)</dd>", page.text)[2] == "100"
    assert f"area=T{code}%3A{code}" in next(each for each in re.findall('href="(/maps/coverage[^"]+)"', page.text))
    ground = get("two", f"/desk/ground.json?need=MEDICAL&area=T{code}:{code}").json()
    assert len(ground["services"]) == 1
    assert all(0 <= lon - (0.0 if code == "E" else -2.0) <= 2 for lon in [each["lon"] for each in ground["services"]])


def test_a_hidden_shelter_is_on_no_ground(get):
    assert get("two", "/desk/ground.json?need=SAFE_SHELTER&area=TE:E").json()["services"] == []


def test_without_a_country_the_page_says_so(get):
    page = get("none", "/?lang=en")
    assert page.status_code == 200
    assert PROBLEMS["none"] in page.text
    assert 'name="need"' in page.text
