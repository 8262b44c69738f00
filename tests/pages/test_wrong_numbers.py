"""A case worker says that a number is wrong: by one tap, without a script, and every answer is the same."""

from __future__ import annotations

import datetime as dt
import re

import httpx
import pytest

from api.nearest import wrong_numbers
from geo.database.owner import owner_transaction
from tests.pages.conftest import findings
from tests.pages.test_nearest import ASKED, fill
from tests.served import served

WRONG = re.compile(r'name="wrong" value="(\S+) ([^"]+)"')


def said(url):
    with owner_transaction(url) as connection:
        rows = connection.exec_driver_sql("SELECT record_id::text, number, reports FROM lakana.wrong_number")
        return {(one, number): reports for one, number, reports in rows}


@pytest.mark.browser
@pytest.mark.database
@pytest.mark.parametrize("script", [True, False])
def test_she_says_so_and_goes_back_to_the_answer(opened, base, script):
    with opened(360, java_script_enabled=script) as page:
        fill(page, base)
        page.get_by_role("button", name="Trouver de l’aide").click()
        page.get_by_role("button", name="Ce numéro est faux").first.click()
        page.get_by_text("sans savoir par qui").wait_for()
        assert page.url == f"{base}/nearest/wrong-number?lang=fr"
        if script:
            assert findings(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.get_by_role("button", name="Retour à la réponse").click()
        page.get_by_text("Qui doit être prévenu").wait_for()
        assert "14 ans" in page.locator("main").inner_text()


@pytest.mark.database
def test_whatever_is_sent_the_answer_is_the_same(copy_seeded, tmp_path):
    url, log = copy_seeded(), tmp_path / "log"
    with served(url, log=str(log)) as (address, _):
        told = WRONG.findall(httpx.post(f"{address}/nearest", data=ASKED).text)
        assert len(told) > 5
        known = " ".join(told[0])
        with owner_transaction(url) as connection:
            hidden = connection.exec_driver_sql(
                "SELECT s.id::text || ' ' || g.contact FROM lakana.service s JOIN lakana.front_gate g ON g.service_id = s.id"
            ).scalar()
        answers = {
            httpx.post(f"{address}/nearest/wrong-number?lang=fr", data=ASKED | {"wrong": each}).text
            for each in (
                known,
                known,
                known[:-1],
                hidden,
                "x",
                "",
                f"{told[0][0]} {'1' * 500}",
                f"{told[0][0]} \x1b[2J",
            )
        }
        assert len(answers) == 1
        assert said(url) == {told[0]: 1}
        assert httpx.post(f"{address}/nearest/wrong-number", data={"wrong": "x" * 5000}).status_code == 400
    assert told[0][0] not in log.read_text()
    assert told[0][1] not in log.read_text()


def test_an_address_counts_once_for_each_number_and_so_often_a_day(monkeypatch):
    day = dt.date(2026, 1, 1)
    today = wrong_numbers.Said(lambda: day)
    assert [today.is_new("192.0.2.1", "a"), today.is_new("192.0.2.1", "a"), today.is_new("192.0.2.2", "a")] == [
        True,
        False,
        True,
    ]
    more = [today.is_new("192.0.2.1", str(number)) for number in range(wrong_numbers.MOST_EACH)]
    assert more.count(True) == wrong_numbers.MOST_EACH - 1
    monkeypatch.setattr(wrong_numbers, "MOST_ALL", wrong_numbers.MOST_EACH + 2)
    assert [today.is_new("192.0.2.3", each) for each in "ab"] == [True, True]  # nobody keeps others from being heard
    assert today.is_new("192.0.2.1", "a")  # the oldest is forgotten
    today.take_back("192.0.2.3", "a")
    assert [today.is_new("192.0.2.3", each) for each in "ab"] == [True, False]
    day += dt.timedelta(days=1)
    assert today.is_new("192.0.2.1", "a")
