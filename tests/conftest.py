"""One throw-away cluster for the whole run, and the databases that the tests share."""

from __future__ import annotations

import gc
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from sqlalchemy import make_url

from geo.database import owner
from tests import processes, throwaway
from tests.figures import figure, pytest_terminal_summary
from tests.home import MALI, Home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from sqlalchemy import CursorResult

__all__ = ["figure", "pytest_terminal_summary"]  # used by every suite
RELEASE_KEY = b"k" * 32
TOGETHER = ("tests/attacks/", "tests/velaa/")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of a file together on one worker, and those of a folder that share what takes minutes to make."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415  where tests are divided among workers

    class ByFile(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return next((each for each in TOGETHER if file.startswith(each)), file)

    return ByFile(config, log)


class Databases:
    """Drops databases when that is over which they were made for: memory holds what is there, 38 MB a copy."""

    def __init__(self) -> None:
        self._making: list[str] = []
        self._made: defaultdict[str, list[str]] = defaultdict(list)
        self.drop: Callable[[list[str]], None] = lambda _: None

    def note(self, name: str) -> None:
        """Note a database that is made for the innermost fixture that is being made, or for the test."""
        self._made[self._making[-1] if self._making else "function"].append(name)

    def drop_all(self) -> None:
        """Drop whatever is there."""
        self._drop_of([*self._made])

    def _drop_of(self, scopes: Iterable[str]) -> None:
        over = [name for scope in scopes for name in self._made.pop(scope, ())]
        if over:
            self.drop(over)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Any:
        """Note for what a database is made."""
        self._making.append(fixturedef.scope)
        try:
            return (yield)
        finally:
            self._making.pop()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item, nextitem: pytest.Item | None) -> Any:
        """Drop what was made for a test, or for its file where that is over; after the last one the cluster is gone."""
        try:
            return (yield)
        finally:
            if nextitem is not None:
                self._drop_of(["function"] if nextitem.path == item.path else ["function", "class", "module"])


DATABASES = Databases()


def pytest_configure(config: pytest.Config) -> None:
    """Have the databases dropped; a plugin is asked of every fixture, a conftest only of those below it."""
    config.pluginmanager.register(DATABASES)


def pytest_collection_finish() -> None:
    """Look through the modules and tests once; they stay to the end. Each full collection of garbage did it anew."""
    gc.collect()
    gc.freeze()


@contextmanager
def unguessed() -> Iterator[None]:
    """Release without the attackers that only guess, which take long; tests/differencing has them on these counts."""
    with mock.patch("geo.release.check.scores", return_value=[]):
        yield


@pytest.fixture(scope="session", autouse=True)
def worker_processes() -> Iterator[None]:
    """The worker processes that all applications of the tests share."""
    with processes.lent():
        yield


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder that PostgreSQL's own user may enter, which pytest's folders of mode 700 are not."""
    with throwaway.open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def cluster_url() -> Iterator[str]:
    """The owner's address of a server in which databases may be made."""
    given = os.environ.get("LAKANA_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with throwaway.running_cluster(hasty=True) as url:
        yield url


@pytest.fixture(scope="session")
def make_database(cluster_url: str) -> Iterator[Callable[..., str]]:
    """Make a new database, empty or the copy of one that nobody is connected to, and give its owner's address.

    It is there as long as the fixture, or the test, that it is made for.
    """
    numbers = count()

    @contextmanager
    def server() -> Iterator[Callable[[str], CursorResult[Any]]]:
        with owner.owner_engine(cluster_url).connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql

    def make(copy_of: str = "template1") -> str:
        name = f"lakana_test_{os.getpid()}_{next(numbers)}"
        ours = "://" in copy_of
        template = make_url(copy_of).database if ours else copy_of
        with server() as run:
            run(
                f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY'
            )  # by a third of the processor's time
            DATABASES.note(name)
            # The rights to a database itself are not copied. Those of template1 are others than a new database has.
            if ours and not run(f"SELECT has_database_privilege('public', '{template}', 'TEMPORARY')").scalar():
                run(f'REVOKE TEMPORARY ON DATABASE "{name}" FROM PUBLIC')
        return make_url(cluster_url).set(database=name).render_as_string(hide_password=False)

    def drop(names: list[str]) -> None:
        with server() as run:
            for name in names:
                run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    DATABASES.drop = drop
    yield make
    if "LAKANA_TEST_DATABASE_URL" in os.environ:  # one of our own goes with all of them
        DATABASES.drop_all()


@pytest.fixture(scope="session")
def copy_migrated(make_database: Callable[..., str]) -> Callable[[], str]:
    """Make a database at the newest revision, without rows, and give its address; the migrations run once."""
    template = make_database()
    owner.upgrade(template)
    return partial(make_database, template)


@pytest.fixture(scope="session")
def empty_url(copy_migrated: Callable[[], str]) -> str:
    """A database at the newest revision, without rows."""
    return copy_migrated()


@pytest.fixture(scope="session")
def home() -> Home:
    """The country that the seeds are of."""
    return MALI


@pytest.fixture(scope="session")
def seeded_template(copy_migrated: Callable[[], str]) -> str:
    """A database with the Mali data set and its counts released under a fixed key, to be copied and never served."""
    from geo.release import publish  # noqa: PLC0415  most runs of a few tests need no seeds
    from seeds import seeding  # noqa: PLC0415

    url = copy_migrated()
    seeding.seed(url)
    with unguessed():
        publish.release(url, RELEASE_KEY)
    return url


@pytest.fixture(scope="session")
def copy_seeded(make_database: Callable[..., str], seeded_template: str) -> Callable[[], str]:
    """Copy the seeded database, rights included, and give the copy's address."""
    return partial(make_database, seeded_template)


@pytest.fixture(scope="session")
def seeded_url(copy_seeded: Callable[[], str]) -> str:
    """A database with the Mali data set and its counts released under a fixed key."""
    return copy_seeded()


@pytest.fixture(scope="module")  # while it is open, no other event loop can run
def browser() -> Iterator[Browser]:
    """The system's Chromium; where there is none, tests are skipped, but never in continuous integration."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = f"no browser on the PATH: {', '.join(BROWSERS)}"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    root = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=root)
        yield chromium
        chromium.close()
