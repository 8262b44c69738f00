"""Each audience's statements may take its time and no longer."""

from __future__ import annotations

import pytest

from geo.audience import Audience
from geo.database.statements import Job, Statement
from geo.errors import Timeout
from geo.service import Resources

pytestmark = pytest.mark.database


def sleep(seconds):
    return Job(Statement("SELECT current_user || pg_sleep($1)::text", ("seconds",), {}), (seconds,))


@pytest.fixture
def resources(url):
    resources = Resources(url, 1)
    yield resources
    resources.close()


def test_the_times_are_those_of_the_design():
    times = {each: each.timeout_ms for each in Audience}
    assert times[Audience.PUBLIC] == 2_000
    assert times[Audience.PARTNER] == 5_000
    assert times[Audience.PLANNER] == 15_000


def test_what_stops_the_public_does_not_stop_a_partner(resources, run):
    [public], [partner] = (
        run(resources.of(Audience.PUBLIC).run([sleep(2.3)], "one")),
        run(resources.of(Audience.PARTNER).run([sleep(2.3)], "one")),
    )
    assert isinstance(public, Timeout)
    assert "2 s" in str(public)
    assert partner == Audience.PARTNER


@pytest.mark.parametrize("audience", Audience)
def test_every_login_has_its_time(resources, run, audience):
    asked = Job(Statement("SELECT current_user || ' ' || current_setting('statement_timeout')", (), {}), ())
    [answer] = run(resources.of(audience).run([asked], "one"))
    login, time = answer.split()
    assert login == audience
    assert {"2s": 2_000, "5s": 5_000, "15s": 15_000}[time] == audience.timeout_ms


def test_over_http_it_is_timeout_for_one_and_an_answer_for_the_other(client, key, monkeypatch):
    from geo.database import session  # noqa: PLC0415
    from tests.identity.conftest import bearer, code  # noqa: PLC0415

    execute = session.Session._execute

    async def slowly(self, job):
        await self._run("SELECT pg_sleep(2.3)")
        return await execute(self, job)

    send, good = client(), key()
    # The gate looks up the key and has the public's time limit, so let that pass.
    monkeypatch.setattr(
        session.Session,
        "_execute",
        lambda self, job: (execute if "identity.key" in job.statement.sql else slowly)(self, job),
    )
    public = send()
    assert code(public) == "TIMEOUT"
    partner = send(headers=bearer(good))
    assert "errors" not in partner.json()
