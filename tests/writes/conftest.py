"""What the tests of writes stand on: a seeded database of their own for each file, and a way to ask as somebody."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from graphql import get_named_type, is_leaf_type
from sqlalchemy import make_url

from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema
from geo.audience import Audience, Caller
from geo.database import owner
from geo.service import Resources
from tests.home import MALI, Home

if TYPE_CHECKING:
    from sqlalchemy import Row

STEWARD = Caller(Audience.STEWARD, "steward one", person="people awa")
SECOND = Caller(Audience.STEWARD, "steward two", person="people bakary")
CUSTODIAN = Caller(Audience.CUSTODIAN, "custodian", person="people coumba")
PLANNER = Caller(Audience.PLANNER, "planner")

FURTHER = {"record": "record { id ... on Shelter { version } }"}
REFUSALS = ("ValidationError", "Conflict", "Forbidden", "NotFound")


def result_of(mutation: str) -> str:
    """Return a selection of all that a mutation says of a write; of records only which one was changed."""
    union: Any = get_named_type(compiled_schema().mutation_type.fields[mutation].type)  # type: ignore[union-attr]
    fields = {
        kind.name: " ".join(
            each
            for name, field in kind.fields.items()
            if (each := name if is_leaf_type(get_named_type(field.type)) else FURTHER.get(name))
        )
        for kind in union.types
    }
    return f"{{ __typename {' '.join(f'... on {kind} {{ {names} }}' for kind, names in fields.items())} }}"


class Desk:
    """A database with the API in front of it, in one process."""

    def __init__(self, url: str, home: Home = MALI) -> None:
        self.url, self.home = url, home
        self.resources = Resources(url, 2)
        self._operations = Operations(compiled_schema())
        self._runner = asyncio.Runner()

    def close(self) -> None:
        self._runner.close()
        self.resources.close()

    def response(self, caller: Caller, document: str, **variables: Any) -> dict[str, Any]:
        operation = self._operations.get(document, None)
        answer = self._runner.run(operation.answer(operation.variables(variables), caller, self.resources))
        found: dict[str, Any] = orjson.loads(answer.body)
        return found

    def ask(self, caller: Caller, document: str, **variables: Any) -> Any:
        """Return the data of the one root field."""
        response = self.response(caller, document, **variables)
        assert "errors" not in response, response
        [data] = response["data"].values()
        return data

    def write(self, caller: Caller, mutation: str, key: str | None = None, **arguments: Any) -> dict[str, Any]:
        """Run a mutation with an input of these fields."""
        answer = self._sent(caller, mutation, key, arguments)
        assert "errors" not in answer, answer
        result: dict[str, Any] = answer["data"][mutation]
        return result

    def failed(self, caller: Caller, mutation: str, key: str | None = None, **arguments: Any) -> dict[str, Any]:
        """Run a mutation that must end in an error, and return that."""
        answer = self._sent(caller, mutation, key, arguments)
        assert not (answer["data"] or {}).get(mutation)
        [error] = answer["errors"]
        found: dict[str, Any] = error
        return found

    def _sent(self, caller: Caller, mutation: str, key: str | None, arguments: dict[str, Any]) -> dict[str, Any]:
        argument = compiled_schema().mutation_type.fields[mutation].args["input"]  # type: ignore[union-attr]
        if "another" in argument.type.of_type.fields:  # many tests enter the same again
            arguments = {"another": True, **arguments}
        document = f"mutation ($input: {argument.type}) {{ {mutation}(input: $input) {result_of(mutation)} }}"
        return self.response(caller, document, input=arguments | {"idempotencyKey": key or str(uuid.uuid4())})

    def done(self, caller: Caller, mutation: str, key: str | None = None, **arguments: Any) -> dict[str, Any]:
        """Run a mutation that must succeed."""
        result = self.write(caller, mutation, key, **arguments)
        assert result["__typename"] not in REFUSALS, result
        return result

    def rows(self, statement: str, *values: Any) -> list[Row[Any]]:
        with owner.owner_transaction(self.url) as connection:
            return list(connection.exec_driver_sql(statement, values))

    def one(self, statement: str, *values: Any) -> Any:
        [row] = self.rows(statement, *values)
        return row[0] if len(row) == 1 else row


@pytest.fixture(scope="module")
def desk(seeded_template: str, cluster_url: str) -> Iterator[Desk]:
    """A copy of the seeds for one file of tests."""
    name = f"lakana_desk_{uuid.uuid4().hex[:12]}"
    template = make_url(seeded_template).database
    with owner.owner_engine(cluster_url).connect() as connection:
        own = connection.execution_options(isolation_level="AUTOCOMMIT")
        own.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        own.exec_driver_sql(f'REVOKE TEMPORARY ON DATABASE "{name}" FROM PUBLIC')
        url = make_url(cluster_url).set(database=name).render_as_string(hide_password=False)
        made = Desk(url)
        yield made
        made.close()
        own.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def sikasso() -> dict[str, float]:
    return {"lon": -5.66654, "lat": 11.31755}


@pytest.fixture
def ngo(desk: Desk) -> str:
    """The id of an organisation of the seeds that runs shelters."""
    found: str = desk.one(
        "SELECT a.organization_id::text FROM lakana.actor a JOIN lakana.service s ON s.actor_id = a.id "
        "WHERE s.category = 'SAFE_SHELTER' AND a.organization_id IS NOT NULL ORDER BY 1 LIMIT 1"
    )
    return found


@pytest.fixture
def partner(ngo: str) -> Caller:
    return Caller(Audience.PARTNER, "partner", organization_id=ngo)


@pytest.fixture
def office(desk: Desk, sikasso: dict[str, float], ngo: str) -> str:
    """The id of an actor that runs nothing yet."""
    actor: dict[str, Any] = {"name": "ONG Zanbugu · Lafia", "kind": "NGO", "point": sikasso, "organizationId": ngo,
             "phone": "+223 66 55 44 33"}  # fmt: skip
    made: str = desk.done(STEWARD, "createActor", **actor)["id"]
    return made


@pytest.fixture
def seen(desk: Desk, office: str) -> tuple[str, str]:
    """The ids of a public shelter and of its service."""
    from tests.writes.hiding import shelter  # noqa: PLC0415  it stands on this module

    made = desk.done(STEWARD, "createShelter", key=f"made {office}", **shelter(office, phone="+223 76 99 88 77"))
    return made["id"], desk.one("SELECT service_id::text FROM lakana.shelter WHERE id = %s", made["id"])
