"""Names that are code, that hide or that steer: refused on writing, inert where an older row holds them, run nowhere."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import count

import httpx
import pytest
from graphql import GraphQLObjectType, build_schema, get_named_type, is_introspection_type

from api.graphql.schema import sdl
from geo.audience import Audience
from geo.database.loading import insert_rows
from geo.database.owner import owner_transaction
from geo.database.tables import metadata, organization
from geo.errors import BadInput
from geo.texts import KINDS
from tests.attacks import matrix
from tests.attacks.arguments import Values
from tests.attacks.client import PEPPER, SETTINGS, Request, posted
from tests.attacks.names import (
    FOUND_BY,
    MAPS,
    RAN,
    REFUSED,
    STORED,
    filled,
    stored_texts,
    string_leaves,
)
from tests.attacks.size import SIZE
from tests.attacks.worlds import CANARY_CONTACT, quietly
from tests.maps import samples
from tests.served import served

pytestmark = [pytest.mark.database, pytest.mark.slow]

SCHEMA = build_schema(sdl())
ALLOWED = matrix.golden(matrix.GOLDEN.read_text(encoding="utf-8"))
NOT_ASKED = {"Query.node", "Query.nodes", "Query.locality", "Query.places"}
"""They lead to records by an id of one type, or by the name that it had before."""
ASKED = {name: who for name, who in ALLOWED.items() if name not in NOT_ASKED and not name.startswith("Mutation.")}

NOT_TOLD = {
    "audit.answered.key": "told to nobody",
    "exact.former_gate.contact_key": "told to nobody",
    "exact.former_phone.phone_key": "told to nobody",
    "exact.former_word.word": "told to nobody",
    "lakana.holiday.name_fr": "for who keeps the list; answers tell hours",
    "lakana.holiday.name_en": "as name_fr",
    "lakana.holiday.name_bm": "as name_fr",
    "lakana.hours_read.hours": "told to nobody but as the hours of a service",
    "lakana.zone.name_en": "maps and GeoJSON name a zone in French",
    "lakana.zone.name_bm": "as name_en",
    "identity.key.name": "lakana keys list",
    "lakana.locality_name.name": "found by, and told by places alone, to whoever wrote nearly the same",
    "lakana.road_speed.source": "the source of the speeds stands in the answers as a source of the network",
    "lakana.road_network.file": "lakana roads status",
    "raw.incident_return.reported_by": "stewards read it in the log alone",
    "audit.import_mapping.name": "told to who imports by it",
    "audit.area_spelling.name": "areas are found by it when files are imported",
}
"""Text columns that are in no answer of the API, and who sees them."""


# ---- every text field that is shown ----


@pytest.fixture(scope="module")
def answers(before_client, known):
    """What each audience is told by every field that holds a text, in every language and layer, by field."""
    told: dict[str, list[bytes]] = {}
    ways = {audience: matrix.ways(SCHEMA, ASKED, audience) for audience in Audience}
    for type_ in SCHEMA.type_map.values():
        if not isinstance(type_, GraphQLObjectType) or is_introspection_type(type_):
            continue
        for field, definition in type_.fields.items():
            name = f"{type_.name}.{field}"
            if get_named_type(definition.type).name not in ("String", "JSON", "GeoJSON"):
                continue
            told[name] = []
            for audience in Audience:
                if audience is Audience.CUSTODIAN or audience not in ALLOWED[name]:
                    continue
                for way in _ways_to(type_, ways[audience], audience):
                    for language in _of_all(("fr", "en", "bm")) if "language" in definition.args else ("",):
                        told[name] += _asked(before_client, known, audience, way, name, language)
    return told


TURNS = count()


def _of_all(values):
    """Return all values, or in a small round the next one, by turns."""
    return values if SIZE.texts else [values[next(TURNS) % len(values)]]


def _ways_to(type_, ways, audience):
    """Return the shortest way to a record; to a value, which is one by what holds it, a way over each of its holders."""
    if type_.name not in ways:
        return []
    if "id" in type_.fields or type_ is SCHEMA.query_type:
        return [ways[type_.name]]
    return [
        (*ways[holder.name], field)
        for holder in SCHEMA.type_map.values()
        if isinstance(holder, GraphQLObjectType) and holder.name in ways
        for field, definition in holder.fields.items()
        if get_named_type(definition.type) is type_ and audience in ASKED.get(f"{holder.name}.{field}", ())
    ] or [ways[type_.name]]


def _asked(client, known: Values, audience, way, name, language):
    type_name, _, field = name.partition(".")
    root, below = matrix.document(SCHEMA, way, type_name, [field])
    if language:
        head, _, tail = below.rpartition(field)
        below = f'{head}{field}(language: "{language}"){tail}'
    layers = root.field.args.get("layer")
    for layer in known.of("layer", layers) if layers else (None,):  # what a map is drawn on is in no other answer
        chosen = {"layer": layer} if layer else {}
        answer = matrix.asked(client, known, audience, root, below, **chosen)
        assert answer.status_code == 200, (name, answer.content)
        json.loads(answer.content)
        yield answer.content


def test_every_column_of_texts_has_a_kind():
    told = {*stored_texts().values()}
    assert told == {*KINDS}
    ours = {
        f"{table.fullname}.{column.name}"
        for table in metadata.tables.values()
        for column in table.c
        if str(column.type) == "TEXT" and "text" not in column.info and column.computed is None
    }
    assert ours == MADE_BY_US, "say by info which kind of text the column holds, or that we make it"


MADE_BY_US = {
    "audit.answered.digest",
    "audit.answered.holder",
    "audit.entry.action",
    "audit.entry.hash",
    "audit.entry.holder",
    "audit.entry.login",
    "audit.entry.person",
    "audit.entry.previous_hash",
    "audit.entry.sealed_digest",
    "audit.entry.subject",
    "audit.entry.subject_id",
    "audit.import.undone_by",
    "audit.import_change.action",
    "audit.import_change.relation",
    "audit.import_mapping.holder",
    "audit.import_mapping.keeper",
    "audit.import_mapping.kind",
    "audit.sealed.salt",
    "audit.withheld.digest",
    "identity.key.audience",
    "lakana.dialling.region",
    "identity.document.digest",
    "identity.invitation.digest",
    "identity.invitation.invited_by",
    "identity.session.digest",
    "identity.document.text",  # a GraphQL document that the API would run
    "identity.key.digest",
    "identity.key.prefix",
    "identity.person.audience",
    "lakana.area_time_zone.name",
    "lakana.data_change.part",
    "lakana.nation_language.language",
    "lakana.expected_reporter.from_quarter",
    "lakana.expected_reporter.to_quarter",
    "lakana.proposal.proposed_by",
    "lakana.proposal.proposed_person",
    "lakana.proposal.reviewed_by",
    "lakana.proposal.reviewed_person",
    "lakana.published_count.period",
    "lakana.published_count.reporters",
    "lakana.release.grain",
    "lakana.release.quarter",
    "lakana.release.rounding",
    "lakana.reporting.period",
    "lakana.reporting.reporters",
    "lakana.road_speed.class",
    "lakana.scenario.owner",
    "lakana.wrong_number.settled_by",
    "lakana.wrong_number.settled_person",
    "lakana.siting_job.holder",
    "lakana.siting_job.problem",
    "raw.incident_count.quarter",
    "raw.incident_return.quarter",
    "raw.release_key.fingerprint",
    "road.edge.class",
    "audit.foreign_id.subject",
    "audit.import.holder",
    "audit.import.kind",
    "audit.import_file.sha256",
    "audit.import_row.subject",
}
"""Texts that nobody enters or that have their own form: digests, names of tables, holders, quarters."""


def test_every_text_is_shown_as_data_and_nothing_runs(answers, figure):
    everything = b"\n".join(each for told in answers.values() for each in told).decode()
    assert not RAN.search(everything)
    seen = {
        place
        for told in answers.values()
        for each in told
        for place in re.findall(r"\b(?:lakana|identity|audit|road)\.\w+\.\w+\b", each.decode())
    }
    expected = {
        place
        for place, kind in stored_texts().items()
        if place not in NOT_TOLD and kind != "web_address" and place.rpartition(".")[2] not in FOUND_BY
    }
    assert seen == expected, (seen - expected, expected - seen)
    figure(
        "texts that any surface shows, as rows of before: ran", "0", f"{len(expected)} columns, {len(answers)} fields"
    )


def test_an_address_that_would_run_is_no_link(answers):
    for name in ("Source.url", "Organization.url", "Guidance.url"):
        told = b"".join(answers[name])
        assert b'"url":' in told
        assert b"javascript" not in told


# ---- writing ----


@pytest.fixture(scope="module")
def written_world(make_world):
    return make_world()


@pytest.fixture(scope="module")
def writer(connect, written_world):
    return connect(written_world)


@dataclass(frozen=True)
class Way:
    """A text that a mutation takes."""

    mutation: str
    steps: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.mutation}({'.'.join(self.steps)})"

    def send(self, client, text):
        given = filled(SCHEMA, self.mutation, self.steps, text)
        args = SCHEMA.mutation_type.fields[self.mutation].args  # type: ignore[union-attr]
        declared = ", ".join(f"${name}: {args[name].type}" for name in given)
        passed = ", ".join(f"{name}: ${name}" for name in given)
        document = f"mutation ({declared}) {{ {self.mutation}({passed}) {RESULT} }}"
        audience = next(each for each in reversed(Audience) if each in ALLOWED[f"Mutation.{self.mutation}"])
        try:
            body = posted(document, given)
        except TypeError:  # half of a surrogate pair cannot be encoded, so it is sent as a JSON escape
            content = json.dumps({"query": document, "variables": given}).encode()
            body = Request("POST", "/graphql", {"content-type": "application/json"}, content)
        return client.send(body, audience)


RESULT = "{ __typename ... on ValidationError { field message } }"
WAYS = [Way(*each) for each in string_leaves(SCHEMA)]
PROSE = {"reason", "note", "description"}
OWN_FORM = {
    "phone",
    "openingHours",
    "languages",
    "serviceAreaCode",
    "url",
    "period",
    "areaCode",
    "jurisdictionCode",
    "idempotencyKey",
}
"""Texts with their own form, which is stricter than the rule."""


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_way_in_refuses_what_may_not_be_stored(writer, way):
    for text in REFUSED:
        if way.steps[-1] in PROSE and "\n" in text:
            continue
        answer = way.send(writer, text)
        if "\ud800" in text and answer.status_code == 400:
            continue  # invalid JSON
        assert answer.status_code == 200, (text, answer.content)
        [told] = answer.json()["data"].values()
        assert told["__typename"] == "ValidationError", (text, told)
        # Only a confidential shelter may lack a name; a missing one is reported before the key is checked.
        missing = str(way) == "createShelter(input.idempotencyKey)" and told["message"] == "it is missing."
        assert missing or told["field"].split(".")[-1] == way.steps[-1], (text, told)


@pytest.mark.parametrize("way", [each for each in WAYS if each.steps[-1] not in OWN_FORM], ids=str)
def test_every_way_in_takes_what_may_be_stored(writer, way):
    for text in STORED:
        [told] = way.send(writer, text).json()["data"].values()
        assert told.get("field", "").split(".")[-1] != way.steps[-1], (text, told)


def test_a_name_has_a_letter(writer):
    for way in (each for each in WAYS if each.steps[-1] in {"name", "acronym", "programme"}):
        [told] = way.send(writer, "=1+1").json()["data"].values()
        assert (told["__typename"], told["field"].split(".")[-1]) == ("ValidationError", way.steps[-1])


CHANGE = """mutation ($id: ID!, $version: Int!, $name: String!, $key: String!) {
  updateShelter(input: {id: $id, expectedVersion: $version, changes: {name: $name}, idempotencyKey: $key})
  { __typename ... on ShelterUpdated { record: shelter { version } } } }"""
PROPOSE = """mutation ($id: ID!, $version: Int!, $name: String!, $key: String!) {
  proposeChange(input: {proposal: {shelter: {id: $id, changes: {name: $name}}}, expectedVersion: $version,
    reason: "Parce que", idempotencyKey: $key}) {
    __typename ... on ChangeProposed { id } ... on ValidationError { field } } }"""
APPROVE = """mutation ($id: ID!, $key: String!) {
  reviewChange(input: {id: $id, approve: true, idempotencyKey: $key}) {
    __typename ... on ChangeReviewed { record { ... on Shelter { version } } } } }"""
SEEN = "{ shelters(first: 100) { edges { node { id version name confidential } } } }"
PUBLIC = SEEN.replace(" version", "")


def told(client, document, audience, **variables):
    answer = client.ask(document, variables, audience)
    assert "errors" not in answer, answer
    [found] = answer["data"].values()
    return found


@pytest.mark.parametrize("how", ["steward", "proposal"])
def test_what_is_written_is_shown_as_it_is(writer, written_world, how, figure):
    shelter = next(
        each["node"] for each in told(writer, SEEN, Audience.STEWARD)["edges"] if not each["node"]["confidential"]
    )
    version = shelter["version"]
    for number, name in enumerate(STORED):
        given = {"id": shelter["id"], "version": version, "name": name, "key": f"{how} {number}"}
        if how == "steward":
            done = told(writer, CHANGE, Audience.STEWARD, **given)
        else:
            proposed = told(writer, PROPOSE, Audience.PARTNER, **given)
            assert proposed["__typename"] == "ChangeProposed", proposed
            done = told(writer, APPROVE, Audience.STEWARD, id=proposed["id"], key=f"approve {number}")
        assert done["__typename"] in {"ShelterUpdated", "ChangeReviewed"}, (name, done)
        version = done["record"]["version"]
        page = writer.send(Request("GET", MAPS[0]))
        assert page.status_code == 200, name
        assert not RAN.search(page.text)
        names = {row[3]["name"] for row in samples.embedded(page.text)["layers"]["sites"]}
        assert name in names
        shown_by_api = {each["node"]["name"] for each in told(writer, PUBLIC, Audience.PUBLIC)["edges"]}
        assert name in shown_by_api
    if how == "proposal":
        for name in REFUSED:
            if "\ud800" in name:
                continue
            refused = told(
                writer, PROPOSE, Audience.PARTNER, id=shelter["id"], version=version, name=name, key=f"no {name!r}"
            )
            assert (refused["__typename"], refused["field"]) == ("ValidationError", "proposal.shelter.changes.name")
    figure(f"names that are code, by {how}: maps that ran one, or failed", "0", f"of {len(STORED)}")


def test_a_proposal_of_before_is_held_to_the_rule_when_it_is_approved(writer, written_world):
    shelter = told(writer, SEEN, Audience.STEWARD)["edges"][0]["node"]
    with quietly(written_world) as connection:
        changes = json.dumps({"expected_version": shelter["version"], "values": {"name": "Foyer \u202eS"}})
        [(proposal,)] = connection.exec_driver_sql(
            "INSERT INTO lakana.proposal (kind, subject_id, changes, reason) VALUES ('SHELTER', %s, %s, 'Non') "
            "RETURNING id::text",
            (shelter["id"], changes),
        ).fetchall()
    document = APPROVE.replace("__typename", "__typename ... on ValidationError { field message }")
    refused = told(writer, document, Audience.STEWARD, id=proposal, key="of before")
    assert (refused["__typename"], refused["field"]) == ("ValidationError", "id")
    assert "name" in refused["message"]


def test_rows_that_are_loaded_are_held_to_the_rule(written_world):
    [source] = sources(written_world)
    for name in REFUSED:
        with owner_transaction(written_world) as connection, pytest.raises(BadInput, match=r"^organization\.name: "):
            insert_rows(connection, organization, [{"name": name, "kind": "NGO", "source_id": source}])
    row = {"name": "ONG", "kind": "NGO", "url": "javascript:alert(1)", "source_id": source}
    with owner_transaction(written_world) as connection, pytest.raises(BadInput, match=r"^organization\.url: "):
        insert_rows(connection, organization, [row])


def sources(url):
    with owner_transaction(url) as connection:
        return [each for (each,) in connection.exec_driver_sql("SELECT id::text FROM lakana.source LIMIT 1").fetchall()]


# ---- the log ----


def test_each_line_of_the_log_stays_one_object(before_world, planted, tmp_path):
    log = tmp_path / "server.log"
    hostile = {b"user-agent": f"a {LOG}".encode(), b"x-request-id": f"\u00e9\u202e{LOG}".encode()}
    environment = {"LAKANA_KEY_PEPPER": PEPPER.hex(), "LAKANA_COST_PER_MINUTE": BUDGETS}
    with (
        served(before_world, log=str(log), **environment) as (address, _),
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        steward = {"authorization": f"Bearer {planted[1][Audience.STEWARD]}"}
        for path in (*MAPS, f"/maps/overview.html?lang={LOG}", f"/{LOG}", f"/graphql?query={LOG}"):
            client.get(path, headers=hostile)
        for text in REFUSED:
            if "\ud800" not in text:
                way = Way("createOrganization", ("input", "name"))
                given = filled(SCHEMA, way.mutation, way.steps, text)
                document = "mutation ($input: CreateOrganizationInput!) { createOrganization(input: $input) "
                document += "{ __typename } }"
                answer = client.post("/graphql", json={"query": document, "variables": given}, headers=steward)
                assert answer.json()["data"]["createOrganization"]["__typename"] == "ValidationError"
    # What the command prints before it serves is for whoever started it.
    lines = [each for each in log.read_text(encoding="utf-8").splitlines() if not each.startswith("lakana: warning")]
    assert len(lines) > len(REFUSED)
    for line in lines:
        assert json.loads(line).get("event") != "forged", line
    assert CANARY_CONTACT not in log.read_text(encoding="utf-8")


LOG = '\n{"event": "forged"}'.replace("\n", "%0A")
BUDGETS = SETTINGS.model_dump_json(include={"cost_per_minute"}).partition(":")[2][:-1]
