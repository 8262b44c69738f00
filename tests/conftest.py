"""One throw-away cluster for the whole run, and the databases that the tests share."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from sqlalchemy import make_url

from geo.database import owner
from tests import throwaway
from tests.figures import figure, pytest_terminal_summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

__all__ = ["figure", "pytest_terminal_summary"]  # used by every suite
RELEASE_KEY = b"k" * 32
ATTACKS = "tests/attacks/"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of a file together on one worker, and all attacks, which share a plan that takes minutes to make."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415  where tests are divided among workers

    class ByFile(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return ATTACKS if file.startswith(ATTACKS) else file

    return ByFile(config, log)


@contextmanager
def unguessed() -> Iterator[None]:
    """Release without the attackers that only guess, which take long; tests/differencing has them on these counts."""
    with mock.patch("geo.release.check.scores", return_value=[]):
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

    All are dropped at the end.
    """
    names: list[str] = []

    def execute(statement: str) -> None:
        with owner.owner_engine(cluster_url).connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(statement)

    def make(copy_of: str = "template1") -> str:
        name = f"lakana_test_{os.getpid()}_{len(names)}"
        template = make_url(copy_of).database if "://" in copy_of else copy_of
        execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        names.append(name)
        return make_url(cluster_url).set(database=name).render_as_string(hide_password=False)

    yield make
    for name in names:
        execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def empty_url(make_database: Callable[[], str]) -> str:
    """A database at the newest revision, without rows."""
    url = make_database()
    owner.upgrade(url)
    return url


@pytest.fixture(scope="session")
def seeded_template(make_database: Callable[..., str]) -> str:
    """A database with the Mali data set and its counts released under a fixed key, to be copied and never served."""
    from geo.release import publish  # noqa: PLC0415  most runs of a few tests need no seeds
    from seeds import mali  # noqa: PLC0415

    url = make_database()
    owner.upgrade(url)
    mali.seed(url)
    with unguessed():
        publish.release(url, RELEASE_KEY)
    return url


@pytest.fixture(scope="session")
def copy_seeded(make_database: Callable[..., str], seeded_template: str) -> Callable[[], str]:
    """Copy the seeded database, rights included, and give the copy's address."""

    def copy() -> str:
        url = make_database(seeded_template)
        owner.upgrade(url)
        return url

    return copy


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
