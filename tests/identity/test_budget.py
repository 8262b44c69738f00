"""Budgets: the last unit is spent, one more is refused, and nobody spends another's."""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as some

from api.graphql.compile import compiled_operation, guard, tariff
from api.graphql.compile.country_size import Country
from api.graphql.compile.document_cache import DOCUMENT_BYTES_A_CHARACTER, REMEMBERED_BYTES, Operations
from api.graphql.compile.guard import reading_price
from api.graphql.schema import compiled_schema
from api.identity import budget
from api.identity.budget import (
    COST_PER_MINUTE,
    DONE_AT_MOST,
    MAP_COST,
    REQUEST_COST,
    WINDOW_S,
    Account,
    Bill,
    Ledger,
    network,
)
from api.pages.fixed import BYTES_A_POINT
from geo.audience import Audience
from geo.errors import RateLimited
from tests.identity.conftest import QUESTION, bearer, code


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def price():
    operation = Operations(compiled_schema()).get(QUESTION["query"], None)
    return math.ceil(operation.cost(operation.variables({})))


@pytest.fixture(autouse=True)
def charged_before_only(request, monkeypatch):
    """What is charged afterwards hangs on the machine and has tests of its own. Prices are those of the seeds' size."""
    monkeypatch.setattr(Country, "learn", lambda *_: None)
    if "afterwards" not in request.node.name and "counts_too" not in request.node.name:
        monkeypatch.setattr(budget.Bill, "_settle", lambda *_: None)


@pytest.fixture
def reads_for_nothing(monkeypatch):
    """For tests of so small a quota that each point that is owed counts."""
    monkeypatch.setattr(tariff, "READING_FOR_100_CHARACTERS", 0.0)
    monkeypatch.setattr(tariff, "COMPILED", 0.0)
    monkeypatch.setattr(tariff, "COMPILED_FOR_1000_CHARACTERS", 0.0)


@pytest.fixture
def accounts(monkeypatch) -> list[Account]:
    """The accounts of the requests that are made, in turn."""
    accounts: list[Account] = []
    account = Ledger.account

    def noted(ledger: Ledger, holder: str) -> Account:
        accounts.append(account(ledger, holder))
        return accounts[-1]

    monkeypatch.setattr(Ledger, "account", noted)
    return accounts


def test_the_last_unit_is_spent_and_one_more_is_not(clock):
    account = Ledger("public", 100, clock).account("a")
    account.charge(60)
    account.charge(40)
    with pytest.raises(RateLimited) as refused:
        account.charge(1)
    assert refused.value.retry_after_s == WINDOW_S


def test_what_is_refused_is_not_taken(clock):
    account = Ledger("public", 100, clock).account("a")
    account.charge(99)
    with pytest.raises(RateLimited, match=r"costs 2, and 1 of 100 a minute are left\. Ask again in 60 s"):
        account.charge(2)
    account.charge(1)


def test_a_minute_begins_with_the_first_request_and_ends_after_60_seconds(clock):
    ledger = Ledger("public", 100, clock)
    clock.now = 17.0
    ledger.account("a").charge(100)
    for now, seconds in ((17.0, 60), (17.1, 60), (76.0, 1), (76.99, 1)):
        clock.now = now
        with pytest.raises(RateLimited) as refused:
            ledger.account("a").charge(1)
        assert refused.value.retry_after_s == seconds
        assert ledger.account("a").headers()[1] == (b"ratelimit", f'"public";r=0;t={seconds}'.encode())
    clock.now = 77.0
    ledger.account("a").charge(100)


@given(some.lists(some.tuples(some.sampled_from("abc"), some.integers(1, 40), some.integers(0, 30))))
def test_nobody_spends_more_in_a_window_or_from_anothers(requests):
    """Against an account of all that was ever granted."""
    clock = Clock()
    ledger = Ledger("public", 100, clock)
    granted: dict[str, list[tuple[float, int]]] = {}
    for holder, cost, wait in requests:
        clock.now += wait
        account = ledger.account(holder)
        began = account.ends_at - WINDOW_S
        spent = sum(each for at, each in granted.get(holder, ()) if at >= began)
        assert account.spent == spent
        if spent + cost <= 100:
            account.charge(cost)
            granted.setdefault(holder, []).append((clock.now, cost))
        else:
            with pytest.raises(RateLimited):
                account.charge(cost)


def test_accounts_are_forgotten_when_they_are_over(clock):
    ledger = Ledger("public", 100, clock)
    for number in range(1_000):
        ledger.account(f"early {number}")
    clock.now = 60.0
    for number in range(600):
        ledger.account(f"late {number}")
    assert len(ledger) == 600


def test_a_crowd_shares_one_account(clock, monkeypatch):
    monkeypatch.setattr(budget, "ACCOUNTS_AT_MOST", 10)
    ledger = Ledger("public", 100, clock)
    known = ledger.account("known")
    for number in range(1_000):
        ledger.account(str(number))
    assert len(ledger) == 11
    assert ledger.account("998") is ledger.account("999") is not known
    assert ledger.account("known") is known


def test_addresses_of_one_network_count_as_one():
    assert network("2001:db8:1:2:3:4:5:6") == network("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert network("2001:db8:1:3::1") != network("2001:db8:1:2::1")
    assert network("192.0.2.1") != network("192.0.2.2")
    assert network("") == network("somewhere") == "unknown"


def test_the_budgets_are_those_of_the_design():
    assert COST_PER_MINUTE[Audience.PUBLIC] == 20_000
    assert COST_PER_MINUTE[Audience.PARTNER] == 100_000
    assert COST_PER_MINUTE[Audience.PLANNER] == 300_000
    assert COST_PER_MINUTE.keys() == set(Audience)


def left(answer):
    policy = re.fullmatch(r'"(\w+)";q=(\d+);w=60', answer.headers["ratelimit-policy"])
    told = re.fullmatch(r'"(\w+)";r=(\d+);t=(\d+)', answer.headers["ratelimit"])
    assert policy
    assert told
    assert policy[1] == told[1]
    assert 1 <= int(told[3]) <= 60
    return told[1], int(policy[2]), int(told[2])


@pytest.mark.database
def test_a_request_costs_one_and_its_price(client, price):
    send = client()
    spent = price + REQUEST_COST
    assert left(send()) == ("public", 20_000, 20_000 - spent)
    spent += price + REQUEST_COST
    assert left(send()) == ("public", 20_000, 20_000 - spent)
    malformed: list[Any] = [{"query": "{"}, {"query": "{ nothing }"}, {"query": QUESTION["query"], "variables": 5}, []]
    for refused in malformed:
        answer = send(json=refused)
        assert "errors" in answer.json()
        spent += REQUEST_COST
        assert left(answer)[2] == 20_000 - spent
    assert left(send("GET", "/nowhere"))[2] == 20_000 - spent - REQUEST_COST


@pytest.mark.database
@pytest.mark.usefixtures("reads_for_nothing")
def test_exactly_at_the_limit_over_http(client, price):
    whole = price + REQUEST_COST
    send = client(cost_per_minute={"public": 2 * whole})
    assert [left(send())[2] for _ in range(2)] == [whole, 0]
    for answer in (send(), send("GET", "/schema.graphql"), send("GET", "/maps/overview.html")):
        assert (answer.status_code, code(answer)) == (429, "RATE_LIMITED")
        assert left(answer)[2] == 0
        assert answer.headers["retry-after"] == answer.headers["ratelimit"].rpartition("=")[2]
    assert send("GET", "/livez").status_code == 200
    assert send(host="192.0.2.2").status_code == 200


@pytest.mark.database
def test_a_document_s_reading_and_making_is_owed_once_and_in_no_header(client, price, accounts):
    send = client()
    refused = {"query": "{ " + "x " * 400 + "}"}
    long = {"query": QUESTION["query"] + " " * (1_000 - len(QUESTION["query"]))}
    before, owed, reading = 20_000, 0, reading_price(refused["query"])
    made, told = int(2 * tariff.COMPILED), int(tariff.REFUSED)
    for asked, cost, later in (
        (refused, 0, reading + told),
        (refused, 0, told),
        (long, price, 100 + made),
        (long, price, 0),
    ):
        before -= cost + REQUEST_COST
        owed += later
        assert left(send(json=asked))[2] == before
        assert accounts[-1].owed == owed


@pytest.mark.database
@pytest.mark.parametrize(("most_bytes", "again"), [(1_000, True), (2_000_000, False)])
def test_statements_that_put_each_other_out_are_owed_each_time(client, accounts, monkeypatch, most_bytes, again):
    """Eight variants of one document, of which 2 MB hold five, took 43 s of a processor a minute for 14 points each."""
    monkeypatch.setattr(compiled_operation, "MADE_AT_MOST_BYTES", most_bytes)
    send, owed = client(), []
    document = "query ($a: Boolean!) { actors(first: 1) { totalCount edges { node { id name @include(if: $a) } } } }"
    for _ in range(4):
        for shown in (True, False):
            assert send(json={"query": document, "variables": {"a": shown}}).status_code == 200
            owed.append(accounts[-1].owed)
    steps = [after - before for before, after in itertools.pairwise(owed)]
    assert steps[0] > 0
    assert [step > 0 for step in steps[1:]] == [again] * 6


@pytest.mark.database
def test_a_document_that_another_has_sent_costs_the_same(client, key, accounts):
    """Whether somebody had asked for a child's place was told: 1 point to who guessed it, else 13 or 14."""
    place = "{{ referralOptions(at: {{lon: {}, lat: 12}}, incidentType: FORCED_BEGGING, age: 9, sex: GIRL) {{ __typename }} }}"
    for method in ("POST", "GET"):
        send = client()
        guesses = [{"query": place.format(lon)} for lon in (-7, -8)]
        send(headers=bearer(key()), json=guesses[0])
        seen = []
        for number, guess in enumerate(guesses):
            given = {"json": guess} if method == "POST" else {"params": guess}
            answer = send(method, host=f"192.0.2.{number}", **given)
            assert answer.status_code == (200 if method == "POST" else 405)
            seen.append((left(answer)[2], accounts[-1].owed, answer.content))
        assert seen[0] == seen[1]


@pytest.mark.database
def test_what_refuses_a_document_hangs_on_no_other_s(client, key):
    """Where little was left, what another had sent was answered, and what nobody had sent was refused."""
    send = client(cost_per_minute={"public": 100})
    guesses = [{"query": f"query {name} {{ sources {{ name }} }}" + " " * 980} for name in "ab"]
    assert send(json=guesses[0], headers=bearer(key())).status_code == 200
    answers = [send(json=each, host=f"192.0.2.{number}") for number, each in enumerate(guesses)]
    assert [each.status_code for each in answers] == [429, 429]
    assert len({each.content for each in answers}) == 1


def test_new_documents_are_bounded_though_no_header_tells_them(clock):
    account = Ledger("public", 1_000, clock).account("a")

    def is_read(number: int) -> bool:
        bill = Bill(account)
        try:
            bill.charge(1)
            bill.read(("{ a }", str(number)), 9)
        except RateLimited:
            return False
        return True

    assert 100 <= sum(map(is_read, range(200))) <= 105
    assert 900 <= account.owed < 1_000
    assert account.headers()[1] == (b"ratelimit", f'"public";r={1_000 - account.spent};t=60'.encode())


def test_work_is_owed_once_a_minute_by_each_holder(clock):
    ledger = Ledger("public", 1_000, clock)
    assert [ledger.account(holder).owe("work", 9) for holder in "aab"] == [9, 0, 9]
    assert ledger.account("a").owe("other work", 9) == 9
    clock.now = 60.0
    assert [ledger.account(holder).owe("work", 9) for holder in "aa"] == [9, 0]


def test_more_work_than_the_cache_holds_is_owed_again(clock, monkeypatch):
    monkeypatch.setattr(budget, "DONE_AT_MOST", 50)
    account = Ledger("public", 1_000, clock).account("a")
    assert [account.owe(number, 10) for number in (*range(5), *range(5))] == [10] * 5 + [0] * 5
    assert [account.owe(number, 10) for number in (*range(6), *range(6))] == [0] * 5 + [10] + [10] * 6


def test_what_a_holder_may_send_again_for_nothing_fits_into_the_cache():
    characters = DONE_AT_MOST / tariff.READING_FOR_100_CHARACTERS * 100
    assert characters * DOCUMENT_BYTES_A_CHARACTER < REMEMBERED_BYTES


@pytest.mark.database
def test_large_variables_cost_their_reading_where_they_are_refused(client):
    send = client()
    document = "query ($all: [ServiceCategory!]!) { coverage(need: {categories: $all}, within: {metres: 1}) { basis } }"
    before = left(send(json={"query": document, "variables": {"all": ["X"]}}))[2]
    for many, least, most in ((20, 1, 1), (5_900, 295, 330)):
        answer = send(json={"query": document, "variables": {"all": ["MEDICAL"] * many + ["X"]}})
        assert code(answer) == "BAD_USER_INPUT"
        assert least <= before - left(answer)[2] - REQUEST_COST <= most
        before = left(answer)[2]


PAIRS = ('[{"aaa":1,"fKb":2}' + ',{"aaa":1,"fKb":2}' * 5_000 + "]").encode()
UNPRICED = {
    "a list": PAIRS,
    "an object without a document": b'{"a":%s}' % PAIRS,
    "a list for a name": b'{"query":"{__typename}","operationName":%s}' % PAIRS,
    "a list for variables": b'{"query":"{__typename}","variables":%s}' % PAIRS,
    "what is not JSON": PAIRS[:-1],
    "too many objects": b"[" + b'{"a":1},' * 12_000 + b"0]",
}


@pytest.mark.database
@pytest.mark.parametrize("what", UNPRICED)
def test_a_body_costs_its_parsing_whatever_it_is(client, what):
    """5,500 pairs held the loop for 1 to 5 ms, for one point."""
    send = client(cost_per_minute={"public": 100})
    body = {"content": UNPRICED[what], "headers": {"content-type": "application/json"}}
    answer = send(**body)
    assert answer.status_code == 400
    assert 20 <= 100 - left(answer)[2] - REQUEST_COST <= 40
    while (answer := send(**body)).status_code == 400:
        pass
    assert code(answer) == "RATE_LIMITED"


@pytest.mark.database
@pytest.mark.parametrize(
    "path", ["/graphql?query=" + "%41" * 2_600, "/" + "%41" * 2_700, "/graphql?query=a&variables=["]
)
def test_an_address_costs_its_parsing(client, path):
    """2,600 escaped bytes took 0.4 ms more, for nothing."""
    answer = client()("GET", path)
    assert 20_000 - left(answer)[2] - REQUEST_COST == len(path) // 3_900


@pytest.mark.database
def test_a_body_is_metered_afterwards(client, monkeypatch):
    noted = []
    monkeypatch.setattr(Bill, "_settle", lambda bill, meter: noted.append((bill.price, meter.processor_s)))
    client()(content=b'{"a":%s}' % PAIRS, headers={"content-type": "application/json"})
    [(price, processor_s)] = noted
    assert price > 20
    assert 0.000_1 < processor_s < 1


TOO_DEAR = (
    "{ "
    + " ".join(f"a{i}: services(first: 100) {{ ...F }}" for i in range(28))
    + """ }
  fragment F on ServiceConnection { edges { node { id name } cursor } totalCount pageInfo { endCursor } }"""
)
"""28 fields of 8: 224 of them are priced, and the operation is refused."""


@pytest.mark.database
def test_an_operation_that_is_refused_costs_the_reckoning_of_its_price(client, monkeypatch):
    """It took up to 32 ms each time, for one point."""
    monkeypatch.setattr(guard, "MAX_COST", 100)
    noted = []
    monkeypatch.setattr(Bill, "_settle", lambda _, meter: noted.append(meter.processor_s))
    answer = client()(json={"query": TOO_DEAR})
    assert code(answer) == "TOO_COSTLY"
    assert left(answer)[2] == 20_000 - REQUEST_COST - math.ceil(28 * 8 * tariff.RECKONED)
    assert 28 * 8 * tariff.RECKONED > 2
    parsed, read, reckoned = noted
    assert parsed < read < reckoned


@pytest.mark.database
def test_each_choice_of_arguments_costs_the_making_of_its_statement(client, accounts):
    """42 statements of one document were made for nothing, 170 to 630 ms each."""
    send = client()
    document = "query ($a: String, $t: String) { actors(text: $t, after: $a, first: 1) { totalCount } }"
    owed = []
    for text in ({}, {"t": "a"}, {}, {"t": "b"}, {"t": "c"}):
        assert send(json={"query": document, "variables": text}).status_code == 200
        owed.append(accounts[-1].owed)
    making = 2 * tariff.COMPILED
    assert owed[0] >= reading_price(document) + making
    assert owed[1] >= owed[0] + making
    assert owed[1:] == [owed[1]] * 4


@pytest.mark.database
@pytest.mark.usefixtures("reads_for_nothing")
def test_an_operation_that_costs_more_than_is_left(client, price):
    send = client(cost_per_minute={"public": price + 2 * REQUEST_COST})
    many = {"query": "{ a: sources { name } b: sources { name } }"}
    operation = Operations(compiled_schema()).get(many["query"], None)
    dear = math.ceil(operation.cost(operation.variables({})))
    answer = send(json=many, headers={"accept": "application/graphql-response+json"})
    assert (answer.status_code, code(answer)) == (429, "RATE_LIMITED")
    assert f"costs {dear}, and {price + 1} of {price + 2} a minute are left" in answer.text
    assert send().status_code == 200  # this one is within what is left


@pytest.mark.database
@pytest.mark.usefixtures("reads_for_nothing")
def test_holders_have_budgets_of_their_own_wherever_they_ask_from(client, key, price):
    whole = price + REQUEST_COST
    send = client(cost_per_minute={"partner": whole, "public": whole})
    one, other = key(), key()
    assert send(headers=bearer(one)).status_code == 200
    assert send(host="192.0.2.9", headers=bearer(one)).status_code == 429
    assert send(headers=bearer(other)).status_code == 200
    assert send().status_code == 200
    assert send().status_code == 429
    assert left(send(headers=bearer(key("PLANNER")))) == ("planner", 300_000, 300_000 - whole)


@pytest.mark.database
def test_a_map_has_its_price(client):
    send = client(cost_per_minute={"public": MAP_COST + 100})
    unread = send("GET", "/maps/overview.html?lang=xx")
    assert (unread.status_code, left(unread)[2]) == (400, MAP_COST + 100 - REQUEST_COST)
    drawn = send("GET", "/maps/overview.html")  # this database has no nation to draw
    assert drawn.status_code == 503
    assert 0 < left(drawn)[2] <= 100 - 2 * REQUEST_COST  # what it took besides is charged too
    refused = send("GET", "/maps/overview.html")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert "réessayez dans" in refused.text


@pytest.mark.database
@pytest.mark.parametrize(
    "path", ["/assets/graphiql/graphiql.min.js", "/schema.graphql", "/nearest", "/assets/icon.svg"]
)
def test_what_is_fixed_costs_its_bytes_and_is_sent_whole_or_not_at_all(client, path):
    """A hundred bytes of a file, each apart, took 36 ms for one point."""
    send = client()
    apart = {
        "range": "bytes=" + ",".join(f"{2 * n}-{2 * n}" for n in range(100)),
        "accept": "text/html",
        "accept-encoding": "identity",
    }
    whole = send("GET", path, headers=apart)
    price = len(whole.content) // BYTES_A_POINT
    assert (whole.status_code, left(whole)[2]) == (200, 20_000 - price - REQUEST_COST)
    assert whole.headers["content-length"] == str(len(whole.content))
    for known in (whole.headers["etag"], f'"x", W/{whole.headers["etag"]}'):
        before = left(send("GET", "/nowhere"))[2]
        again = send("GET", path, headers={"if-none-match": known, "accept": "text/html"})
        assert (again.status_code, again.content, left(again)[2]) == (304, b"", before - REQUEST_COST)
    if price:
        send = client(cost_per_minute={"public": price})
        assert send("GET", path).status_code == 429


@pytest.mark.database
@pytest.mark.parametrize(("trusted", "separate"), [((), False), (("127.0.0.1",), True), (("10.0.0.0/8",), False)])
def test_a_forwarded_address_counts_from_a_trusted_proxy_only(
    settings, url, run, trusted, separate, price, monkeypatch
):
    """Through the very server that ``lakana serve`` configures."""
    import socket  # noqa: PLC0415

    from api.cli import serve  # noqa: PLC0415
    from api.http import logs  # noqa: PLC0415

    monkeypatch.setattr(logs, "configure", lambda: None)
    built = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda server, **_: built.append(server.config))
    with socket.socket() as listener:
        serve._run(settings(trusted_proxies=trusted), url, listener, lambda: None)
    [config] = built
    config.load()
    import httpx  # noqa: PLC0415

    async def ask(forwarded):
        transport = httpx.ASGITransport(app=config.loaded_app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://lakana.test") as http:
            return left(await http.post("/graphql", json=QUESTION, headers={"x-forwarded-for": forwarded}))[2]

    whole = price + REQUEST_COST
    first, second = run(ask("198.51.100.1")), run(ask("198.51.100.2"))
    assert first == 20_000 - whole
    assert second == (20_000 if separate else first) - whole
    # We do not trust what the client itself wrote before the proxy's own entry.
    third = run(ask("203.0.113.7, 198.51.100.2"))
    assert third == second - whole


def test_what_was_spent_is_charged_afterwards_in_steps_and_at_most_four_times(clock):
    ledger = Ledger("public", 1_000, clock)
    for took_s, owed in ((0.0019, 0), (0.0021, 10), (0.0039, 10), (0.0041, 30), (60.0, 30)):
        bill = Bill(Account(ledger, 60.0))
        bill.charge(10)
        bill.meter.note(database_s=took_s)
        assert (bill.account.spent, bill.account.owed) == (10, owed)
        assert bill.account.headers()[1] == (b"ratelimit", b'"public";r=990;t=60')


def test_work_in_a_worker_process_and_of_the_event_loop_counts_too(clock):
    bill = Bill(Account(Ledger("public", 1_000, clock), 60.0))
    bill.charge(10)
    bill.meter.note(database_s=0.0005, processor_s=0.0005)
    assert bill.account.owed == 0
    bill.meter.note(worker_s=0.005)
    assert bill.account.owed == 10


def test_what_is_owed_refuses_in_steps_and_no_header_tells_it(clock):
    """A twentieth of the quota at a time: a caller who counts requests until 429 learns no more than that."""
    ledger = Ledger("public", 1_000, clock)
    account = ledger.account("a")
    account.charge(900)
    account.owed = 99  # counts as one step of 50
    account.charge(50)
    with pytest.raises(RateLimited, match=r"took more work than their prices, .* too little of 1,000 a minute"):
        account.charge(1)
    assert account.headers()[1] == (b"ratelimit", b'"public";r=50;t=60')


def test_what_is_owed_beyond_a_minute_goes_into_the_next(clock):
    ledger = Ledger("public", 1_000, clock)
    ledger.account("a").charge(1_000)
    ledger.account("a").owed = 2_500
    owed = []
    for minute in range(1, 5):
        clock.now = 60.0 * minute
        ledger.account(f"other {minute}")  # a new account makes the ledger remove expired ones
        owed.append(ledger.account("a").owed)
    assert owed == [2_500, 1_500, 500, 0]


@pytest.mark.database
def test_a_route_of_each_kind_is_charged_afterwards(client, monkeypatch, accounts):
    """With a clock of processors that runs a hundred thousand times too fast, everything is dearer than its price."""
    monkeypatch.setattr(budget, "POINT_MS", 0.000001)
    send = client(cost_per_minute={"public": 10**9})
    for method, path in (("POST", "/graphql"), ("GET", "/maps/overview.html"), ("GET", "/maps/coverage.html")):
        before = accounts[-1].owed if accounts else 0
        assert send(method, path).status_code in {200, 503}  # this database has no nation to draw
        assert accounts[-1].owed > before


def test_nothing_gives_credit(clock):
    account = Ledger("public", 100, clock).account("a")
    account.charge(60)
    account.charge(-50)
    assert account.spent == 60
