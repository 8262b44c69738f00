"""Jobs that look for sites: whose they are, how they end, and that nobody waits for them."""

from __future__ import annotations

import asyncio
import base64
import statistics
import time

import orjson
import pytest

from api.background.siting_jobs import serve_one
from geo.audience import Audience, Caller
from geo.writes import siting
from tests.writes.conftest import Desk

pytestmark = [pytest.mark.database, pytest.mark.slow]

ONE, TWO = Caller(Audience.PLANNER, "planner one"), Caller(Audience.PLANNER, "planner two")
STATE = "id status progress bestObjective optimalityGapPercent startedAt finishedAt problem"
ANSWER = "answer { model status objectiveAfter sites { rank marginalGainUnder18 locality { name } } assumptions dataAsOf { services population incidents loadedOn } }"
JOB = f"query ($id: ID!) {{ node(id: $id) {{ ... on SitingJob {{ {STATE} {ANSWER} }} }} }}"
QUESTION = """query ($id: ID!) { node(id: $id) { ... on SitingJob {
  question { category within { metres travel { mode minutes season } }
  area { areaCode } model siteCount candidates { area { areaCode } points } exclude timeLimitSeconds } } } }"""
DIRECT = f"""query ($category: ServiceCategory!, $within: ReachInput!, $model: SitingModel!, $siteCount: Int) {{
  siteRecommendations(category: $category, within: $within, model: $model, siteCount: $siteCount) {{ {ANSWER[9:-2]} }} }}"""
ASKED = {"category": "SAFE_SHELTER", "within": {"metres": 30_000}, "model": "MCLP", "siteCount": 3}


@pytest.fixture(scope="module")
def own_desk(copy_seeded):
    made = Desk(copy_seeded())
    yield made
    made.close()


@pytest.fixture
def desk(own_desk):
    own_desk.rows("DELETE FROM lakana.siting_job RETURNING 1")
    return own_desk


def start(desk, caller=ONE, **given):
    return desk.done(caller, "startSiting", **(ASKED | given))["id"]


def job(desk, job_id, caller=ONE):
    return desk.ask(caller, JOB, id=job_id)


def serve(desk):
    return desk._runner.run(serve_one(desk.resources))


def test_a_job_waits_and_is_done_with_the_answer_of_the_question(desk):
    job_id = start(desk)
    waiting = job(desk, job_id)
    assert (waiting["status"], waiting["progress"], waiting["answer"], waiting["startedAt"]) == (
        "QUEUED",
        0,
        None,
        None,
    )
    assert serve(desk)
    done = job(desk, job_id)
    assert (done["status"], done["progress"], done["problem"], done["optimalityGapPercent"]) == ("DONE", 1, None, 0)
    assert done["answer"] == desk.ask(ONE, DIRECT, **ASKED)
    assert done["bestObjective"] == done["answer"]["objectiveAfter"]
    assert not serve(desk)


def test_what_geojson_says_besides_its_polygons_is_not_kept(desk):
    square = {"type": "Polygon", "coordinates": [[[-9, 10], [0, 10], [0, 12], [-9, 12], [-9, 10]]]}
    whole = {"type": "GeometryCollection", "geometries": [square]}
    for given in (square | {"note": "a NUL: \x00"}, whole | {"\x00": 1}):
        job_id = start(desk, exclude=given)
        assert desk.rows("SELECT asked -> 'exclude' FROM lakana.siting_job WHERE id = %s", job_id) == [(whole,)]


def test_all_arguments_reach_the_job(desk):
    square = {"type": "Polygon", "coordinates": [[[-9, 10], [0, 10], [0, 12], [-9, 12], [-9, 10]]]}
    given = {
        "within": {"travel": {"mode": "WALK", "minutes": 90, "season": "RAINY"}},
        "model": "P_CENTER",
        "siteCount": 2,
        "areaCode": "ISO-3166-2:ML-3",
        "candidates": {"points": [{"lon": -5.6, "lat": 11.3}, {"lon": -6.0, "lat": 12.5}, {"lon": -5.5, "lat": 12.4}]},
        "exclude": square,
        "timeLimitSeconds": 30,
    }
    job_id = start(desk, **given)
    # As jobs of before have it, which are still read.
    assert desk.one("SELECT asked -> 'sites' FROM lakana.siting_job WHERE id = %s", job_id) == 2
    assert desk.ask(ONE, QUESTION, id=job_id)["question"] == {
        "category": "SAFE_SHELTER",
        "within": {"metres": None, "travel": {"mode": "WALK", "minutes": 90, "season": "RAINY"}},
        "area": {"areaCode": "ISO-3166-2:ML-3"},
        "model": "P_CENTER",
        "siteCount": 2,
        "candidates": {
            "area": None,
            "points": {"type": "MultiPoint", "coordinates": [[-5.6, 11.3], [-6.0, 12.5], [-5.5, 12.4]]},
        },
        "exclude": {"type": "GeometryCollection", "geometries": [square]},
        "timeLimitSeconds": 30,
    }
    assert serve(desk)
    answer = desk.ask(
        ONE,
        """query ($id: ID!) { node(id: $id) { ... on SitingJob { answer {
          basis estimate { mode season } reachMetres candidateCount excludedCandidateCount model } } } }""",
        id=job_id,
    )["answer"]
    pace = "SELECT speed_km_h / detour FROM lakana.travel_estimate WHERE (mode, season) = ('WALK', 'RAINY')"
    assert answer == {
        "basis": "ESTIMATE",
        "estimate": {"mode": "WALK", "season": "RAINY"},
        "reachMetres": pytest.approx(90 / 60 * desk.one(pace) * 1000),
        "candidateCount": 2,
        "excludedCandidateCount": 1,
        "model": "P_CENTER",
    }


def test_what_was_left_out_of_a_question_is_told_as_it_is_taken(desk):
    plain = {
        "category": "SAFE_SHELTER",
        "within": {"metres": 30_000, "travel": None},
        "area": None,
        "model": "MCLP",
        "siteCount": 3,
        "candidates": None,
        "exclude": None,
        "timeLimitSeconds": 60,
    }
    for given, told in (
        ({"siteCount": None}, {}),
        ({"model": "LSCP", "siteCount": None}, {"model": "LSCP", "siteCount": None}),
        (
            {"candidates": {"localities": {"areaCode": " iso-3166-2:ml-3"}}},
            {"candidates": {"area": {"areaCode": "ISO-3166-2:ML-3"}, "points": None}},
        ),
    ):
        job_id = start(desk, **given)
        assert desk.ask(ONE, QUESTION, id=job_id)["question"] == plain | told
        desk.rows(
            """UPDATE lakana.siting_job SET asked = asked - 'area_id' - 'candidates_area_id'
            || '{"within": {"metres": 30000, "mode": "GEODESIC", "season": null, "minutes": null}}'
            WHERE id = %s RETURNING 1""",
            job_id,
        )
        older = plain | told | {"candidates": None}
        assert desk.ask(ONE, QUESTION, id=job_id)["question"] == older, "an older job has its areas by code alone"


def test_an_answer_of_before_tells_its_basis_too(desk):
    job_id = start(desk, within={"travel": {"mode": "WALK", "minutes": 90}})
    assert serve(desk)
    desk.rows("UPDATE lakana.siting_job SET answer = answer - 'basis' - 'estimate' WHERE id = %s RETURNING 1", job_id)
    answered = "query ($id: ID!) { node(id: $id) { ... on SitingJob { answer { basis estimate { mode } } } } }"
    assert desk.ask(ONE, answered, id=job_id) == {"answer": {"basis": "ESTIMATE", "estimate": None}}


def test_a_job_is_its_owner_s_alone(desk):
    job_id = start(desk)
    for each in (job_id, "00000000-0000-4000-8000-000000000000"):
        assert desk.response(TWO, JOB, id=each) == {"data": {"node": None}}
    listed = "{ sitingJobs { totalCount edges { node { id } } } }"
    assert desk.ask(TWO, listed) == {"totalCount": 0, "edges": []}
    assert desk.ask(ONE, listed)["edges"] == [{"node": {"id": job_id}}]
    refused = desk.write(TWO, "cancelSiting", id=job_id)
    assert refused == desk.write(TWO, "cancelSiting", id="00000000-0000-4000-8000-000000000000")
    assert refused["__typename"] == "NotFound"
    assert job(desk, job_id)["status"] == "QUEUED"


def test_the_newest_is_listed_first_and_pages_follow(desk):
    ids = [start(desk) for _ in range(3)]
    page = desk.ask(ONE, "{ sitingJobs(first: 2) { edges { node { id } } pageInfo { endCursor hasNextPage } } }")
    assert [each["node"]["id"] for each in page["edges"]] == ids[:0:-1]
    rest = desk.ask(
        ONE,
        "query ($after: String) { sitingJobs(after: $after) { edges { node { id } } } }",
        after=page["pageInfo"]["endCursor"],
    )
    assert [each["node"]["id"] for each in rest["edges"]] == ids[:1]


def test_sent_again_with_its_key_a_job_starts_once(desk):
    first, again = (desk.done(ONE, "startSiting", key="the same", **ASKED) for _ in range(2))
    assert (first["id"], again["replayed"]) == (again["id"], True)
    assert desk.one("SELECT count(*) FROM lakana.siting_job") == 1


def test_what_waits_is_bounded_for_each_and_keeps_no_other_out(desk):
    for _ in range(3):
        start(desk)
    full = desk.failed(ONE, "startSiting", **ASKED)
    assert (full["extensions"]["code"], "3 jobs of yours" in full["message"]) == ("UNAVAILABLE", True)
    for number in range(10):
        start(desk, Caller(Audience.PLANNER, f"planner {number + 10}"))
    assert start(desk, TWO)


def test_jobs_are_taken_up_in_turns_between_holders(desk):
    for _ in range(3):
        start(desk)
    for _ in range(2):
        start(desk, TWO)
    taken = [desk._runner.run(desk.resources.writer.run(siting.SERVER, siting.take)).holder for _ in range(5)]
    assert taken == [ONE.holder, TWO.holder, ONE.holder, TWO.holder, ONE.holder]


def test_a_cursor_tells_nothing_of_the_jobs_of_others(desk):
    cursor = "{ sitingJobs { pageInfo { endCursor } } }"

    def order(caller):
        shown = desk.ask(caller, cursor)["pageInfo"]["endCursor"]
        return orjson.loads(base64.urlsafe_b64decode(shown + "=" * (-len(shown) % 4)))[1]

    start(desk)
    alone = order(ONE)
    for _ in range(3):
        start(desk, TWO)
    desk.rows("DELETE FROM lakana.siting_job WHERE holder = %s RETURNING 1", ONE.holder)
    start(desk)
    assert order(ONE) == alone


def test_bad_input_starts_nothing(desk):
    told = desk.write(ONE, "startSiting", **(ASKED | {"timeLimitSeconds": 601}))
    assert (told["__typename"], told["field"]) == ("ValidationError", "timeLimitSeconds")
    exchanged = {
        "candidates": {"points": [{"lon": -5.465, "lat": 12.387}, {"lon": 12.387, "lat": -5.465}]},
        "siteCount": 1,
    }
    told = desk.write(ONE, "startSiting", **(ASKED | exchanged))
    assert (told["__typename"], told["field"]) == ("ValidationError", "candidates.points.1")
    assert "exchanged, they lie in the country" in told["message"]
    for given, field in (
        ({"areaCode": "XX"}, "areaCode"),
        ({"candidates": {"localities": {"areaCode": "XX"}}}, "candidates.localities.areaCode"),
    ):
        told = desk.write(ONE, "startSiting", **(ASKED | given))
        assert (told["__typename"], told["field"]) == ("ValidationError", field)
    told = desk.write(ONE, "startSiting", **(ASKED | {"exclude": {"type": "Polygon", "coordinates": [[[0, 0]]]}}))
    assert (told["__typename"], told["field"]) == ("ValidationError", "exclude.coordinates.0")
    assert desk.one("SELECT count(*) FROM lakana.siting_job") == 0


def test_what_the_data_do_not_allow_fails_with_a_sentence(desk):
    job_id = start(desk, siteCount=100)
    assert serve(desk)
    failed = job(desk, job_id)
    assert (failed["status"], failed["answer"]) == ("FAILED", None)
    assert "more than the 94 candidates" in failed["problem"]
    assert failed["finishedAt"]


def test_a_job_that_waits_can_be_cancelled_and_is_not_done(desk):
    job_id = start(desk)
    desk.done(ONE, "cancelSiting", id=job_id)
    assert not serve(desk)
    cancelled = job(desk, job_id)
    assert (cancelled["status"], bool(cancelled["finishedAt"]), cancelled["answer"]) == ("CANCELLED", True, None)
    assert desk.write(ONE, "cancelSiting", id=job_id)["__typename"] == "ValidationError"


def dawdle(_question, _found, tell):
    while True:
        tell(0.25, 12.0, 40.0)
        time.sleep(0.1)


def test_a_job_that_runs_tells_how_far_it_is_and_stops_when_cancelled(desk, monkeypatch):
    monkeypatch.setattr("api.background.siting_jobs.solved", dawdle)
    job_id = start(desk)

    async def cancel_when_it_runs():
        serving = asyncio.ensure_future(serve_one(desk.resources))
        for _ in range(300):
            await asyncio.sleep(0.1)
            if desk.one("SELECT progress FROM lakana.siting_job") > 0:
                break
        seen = desk.one("SELECT status::text, progress, best_objective, gap_percent FROM lakana.siting_job")
        await desk.resources.writer.run(ONE, lambda connection: siting.CancelSiting(id=job_id).apply(connection, ONE))
        began = time.monotonic()
        assert await serving
        return tuple(seen), time.monotonic() - began

    seen, waited = desk._runner.run(cancel_when_it_runs())
    assert seen == ("RUNNING", 0.25, 12.0, 40.0)
    assert waited < 10
    assert job(desk, job_id)["status"] == "CANCELLED"


def crash(*_):
    import os  # noqa: PLC0415

    os._exit(3)


def test_a_process_that_dies_fails_its_job(desk, monkeypatch):
    monkeypatch.setattr("api.background.siting_jobs.solved", crash)
    job_id = start(desk)
    assert serve(desk)
    assert job(desk, job_id)["status"] == "FAILED"
    assert "ended" in job(desk, job_id)["problem"]


def test_the_job_of_a_server_that_died_fails_at_the_next_look(desk):
    job_id, other = start(desk), start(desk)
    desk.rows(
        "UPDATE lakana.siting_job SET status = 'RUNNING', started_at = now(), seen_at = now() - interval '29 s' "
        "WHERE id::text = ANY (%s) RETURNING 1",
        [job_id, other],
    )
    desk.rows("UPDATE lakana.siting_job SET seen_at = now() - interval '31 s' WHERE id::text = %s RETURNING 1", job_id)
    assert not serve(desk)
    assert job(desk, other)["status"] == "RUNNING"
    failed = job(desk, job_id)
    assert (failed["status"], failed["problem"]) == ("FAILED", siting.DIED)


def test_only_the_newest_jobs_are_remembered(desk):
    desk.rows(
        "SET LOCAL lakana.holder = 'planner one'; SET LOCAL lakana.bulk = 'on'; INSERT INTO lakana.siting_job "
        "(asked, status) SELECT '{}', 'CANCELLED' FROM generate_series(1, 100); SELECT 1"
    )
    others = start(desk, TWO)
    before = [row[0] for row in desk.rows("SELECT id::text FROM lakana.siting_job ORDER BY number LIMIT 100")]
    newest = start(desk)
    kept = [row[0] for row in desk.rows("SELECT id::text FROM lakana.siting_job ORDER BY number")]
    assert kept == [*before[1:], others, newest]
    assert desk.rows("SELECT own_number FROM lakana.siting_job WHERE id = %s", newest) == [(101,)]


def test_starting_and_cancelling_are_logged_without_what_was_asked(desk):
    job_id = start(desk)
    desk.done(ONE, "cancelSiting", id=job_id)
    rows = desk.rows(
        "SELECT action, holder, after FROM audit.entry WHERE subject = 'siting_job' AND subject_id = %s ORDER BY number",
        job_id,
    )
    assert [(row.action, row.holder) for row in rows] == [("INSERT", ONE.holder), ("UPDATE", ONE.holder)]
    assert all("asked" not in row.after for row in rows)


def test_nobody_waits_while_a_solver_runs(desk):
    """The server's own worker, as the application runs it; /livez meanwhile."""
    import httpx  # noqa: PLC0415

    from api.app import create_app  # noqa: PLC0415
    from api.settings import Settings  # noqa: PLC0415

    start(desk, model="P_CENTER", siteCount=12)
    app = create_app(Settings(), desk.url)

    async def ask_meanwhile():
        transport = httpx.ASGITransport(app=app)
        taken = []
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://t") as client,
        ):
            for _ in range(600):
                began = time.perf_counter()
                answer = await client.get("/livez")
                taken.append(time.perf_counter() - began)
                assert answer.text == "ok"
                await asyncio.sleep(0.05)
                if desk.one("SELECT status::text FROM lakana.siting_job") == "DONE":
                    break
        return taken

    taken = desk._runner.run(ask_meanwhile())
    assert desk.one("SELECT status::text FROM lakana.siting_job") == "DONE"
    assert len(taken) > 5
    assert statistics.median(taken) < 0.1
