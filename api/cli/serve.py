"""``lakana serve``: from nothing to a server in the foreground, and back."""

from __future__ import annotations

import os
import resource
import socket
import sys
import time
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING

import typer

from api.cli.console import language, warn
from geo.errors import SetupError, TooRevealing
from geo.vocabulary import Words, in_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from api.settings import Settings
    from geo.progress import Progress
    from geo.vocabulary import Locale

DRAIN_S = 20
"""How long we wait for open requests: longer than any audience's statement may run."""


NO_SEED = "none"
"""The setting that leaves an empty database as it is."""

READY: Words = ("Lakana est prêt.", "Lakana is ready.", None)
PLACES: tuple[tuple[Words, str], ...] = (
    (("Page d’accueil", "Start page", None), "/"),
    (("GraphQL", "GraphQL", "GraphQL"), "/graphql"),
    (("Carte d’ensemble", "Overview map", None), "/maps/overview.html"),
    (("Carte de couverture", "Coverage map", None), "/maps/coverage.html"),
)
HOW_TO_STOP: Words = ("Ctrl-C pour arrêter.", "Ctrl-C stops it.", None)
EACH_ITS_PART: Words = (
    "{workers} processus, dont chacun admet sa part de chaque limite ; un Redis (LAKANA_SHARED_URL) les réunit.",
    "{workers} processes, each of which admits its part of every limit; a Redis (LAKANA_SHARED_URL) unites them.",
    None,
)
STOPPED: Words = ("Lakana est arrêté.", "Lakana has stopped.", None)


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """Give the owner's address of the configured database or of the private cluster.

    When the context closes, what was written is told by every server, whichever replica it asks.
    """
    with _database(settings) as url:
        yield url
        if settings.read_database_urls:
            from geo.database.replicas import TRUSTED_S  # noqa: PLC0415

            time.sleep(TRUSTED_S)


def _database(settings: Settings) -> AbstractContextManager[str]:
    if settings.database_url is not None:
        return nullcontext(settings.database_url.get_secret_value())
    from geo.cluster import private  # noqa: PLC0415

    return private.running(settings.data_dir)


def prepare(settings: Settings, url: str) -> None:
    """Migrate the database; seed it if it is empty, and release what was seeded.

    No other counts are released here: these may be those of a backup of before their first release. A release that
    is due, or would reveal small counts, and a release key that is not the database's, are reported on standard
    error; the server starts all the same.
    """
    from api.cli.console import Console  # noqa: PLC0415  each command imports only what it needs
    from geo.database.health import look  # noqa: PLC0415
    from geo.database.owner import upgrade  # noqa: PLC0415
    from geo.release import publish  # noqa: PLC0415

    key = release_key(settings)
    upgrade(url)
    give_back(url, settings)
    with Console() as progress:
        if seeded(url, settings, progress):
            try:
                publish.release(url, key, data_dir=settings.data_dir, progress=progress)
            except TooRevealing as error:
                warn(str(error))
    for trouble in look(url, settings.data_dir, settings.certificate).troubles:
        warn(f"warning: {trouble.sentence}")
    if waiting := publish.awaited(url):
        warn(f"The counts of {waiting[0]} to {waiting[-1]} were never released; lakana release publishes them.")
    if publish.knows_key(url, key):
        return
    if publish.is_spent(url, key):
        warn("warning: the release key at hand rounded illustrative counts and is spent; lakana release refuses it.")
    else:
        warn(
            "warning: the counts of this database were released under another key than the one at hand; "
            "lakana release will refuse until that key is back (release.key or LAKANA_RELEASE_KEY)."
        )


def seeded(url: str, settings: Settings, progress: Progress) -> bool:
    """Fill an empty database with the pack of the settings; return whether there was anything to do."""
    from pathlib import Path  # noqa: PLC0415

    from seeds import seeding  # noqa: PLC0415

    if settings.seed == NO_SEED or not seeding.is_empty(url):
        return False
    seeding.seed(url, seeding.USUAL if settings.seed is None else Path(settings.seed), progress=progress)
    return True


def give_back(url: str, settings: Settings) -> None:
    """If this database was restored from a backup, hide, withdraw and publish again what was since, and say so."""
    from geo import audit  # noqa: PLC0415
    from geo.release import publish  # noqa: PLC0415

    if many := audit.hide_again(url, settings.data_dir):
        warn(
            f"{many} shelters of this database had been made confidential since, and are again, under new ids; "
            "a steward gives each its front gate."
        )
    if many := audit.withdraw_again(url, settings.data_dir):
        warn(f"{many} records of this database had been withdrawn since, and are again.")
    try:
        back = publish.give_back(url, settings.data_dir)
    except (SetupError, OSError) as error:
        warn(f"warning: {error} Until that is mended, lakana release refuses.")
        return
    if back:
        warn(
            f"{len(back.releases)} releases of counts and {back.trainings} counts of participants had been published "
            f"since, and are told again as they were ({', '.join(back.releases) or 'no quarters'}). Nothing more is "
            "published of those years."
        )
    if back.homeless:
        warn(f"{back.homeless} of these counts are not shown: their places are not in this database.")


def release_key(settings: Settings) -> bytes:
    """Return the secret key that counts are rounded with."""
    from geo.cluster.secret_file import RELEASE_KEY  # noqa: PLC0415

    given = settings.release_key.get_secret_value() if settings.release_key else None
    return RELEASE_KEY.load(settings.data_dir, given)


def bind(host: str, port: int) -> socket.socket:
    """Bind the address first, so that no work is wasted if it is taken.

    Raises
    ------
    SetupError
        Where the address is taken, not allowed or not this machine's.

    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SetupError(f"{host} is no address of this machine: {error.strerror}.") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # Until it listens, another server could bind the same port. Clients that connect before we are ready wait.
        listener.listen()
    except OSError as error:
        listener.close()
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise SetupError(f"Port {port} of {host} cannot be used ({reason}). Choose another with --port.") from None
    return listener


def _announce(host: str, port: int, locale: Locale) -> None:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    base, words = f"http://{shown}:{port}", partial(in_language, locale=locale)
    typer.echo(words(READY))
    for place, path in PLACES:
        typer.echo(f"  {words(place):<20}  {base}{path}")
    typer.echo(words(HOW_TO_STOP))
    sys.stdout.flush()


@contextmanager
def _termination_as_interrupt() -> Iterator[None]:
    """Treat SIGTERM like Ctrl-C, so that the cluster is stopped even while we are still setting up."""
    import signal  # noqa: PLC0415

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    def terminate(_number: int, _frame: object) -> None:
        signal.raise_signal(signal.SIGTERM)

    handlers = {signal.SIGTERM: interrupt}
    # SIGHUP: the terminal was closed. Under nohup it stays ignored. Uvicorn handles SIGTERM but not SIGHUP.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        handlers[signal.SIGHUP] = terminate
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run(settings: Settings, url: str, listener: socket.socket, ready: Callable[[], None]) -> None:
    import uvicorn  # noqa: PLC0415

    from api.app import create_app  # noqa: PLC0415
    from api.cli.workers import START_S, Application, Workers, settle  # noqa: PLC0415
    from api.http import logs  # noqa: PLC0415
    from api.http.connection import Connection, bound_unread  # noqa: PLC0415

    class Server(uvicorn.Server):
        """A server that says when it is ready."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            """Start up, then announce it."""
            await super().startup(sockets)
            settle()
            if self.started:
                ready()

    alone = settings.workers == 1
    bound_unread(listener)
    _open_many_files()
    logs.configure()
    config = uvicorn.Config(
        create_app(settings, url) if alone else Application(settings, url),
        factory=not alone,
        workers=settings.workers,
        timeout_worker_healthcheck=int(START_S),
        loop="uvloop",
        http=Connection,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=DRAIN_S,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=[str(each) for each in settings.trusted_proxies],
    )
    if alone:
        Server(config).run(sockets=[listener])
    else:
        Workers(config, listener, ready).run()


def _open_many_files() -> None:
    """Raise the limit of open files (usually 1,024) as far as the machine allows: each connection needs one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, then finish open requests and stop the cluster.

    Raises
    ------
    SetupError
        Where the address is taken or the machine lacks something.

    """
    from api.identity.admission import pepper  # noqa: PLC0415

    listener = bind(settings.host, settings.port)
    pepper(settings)  # a pepper file that others may read is refused now, not when the first API key arrives
    port = int(listener.getsockname()[1])
    locale = language()
    # uvicorn sends itself the signal again once it has drained.
    with suppress(KeyboardInterrupt), _termination_as_interrupt(), listener, database(settings) as url:
        prepare(settings, url)
        locale = language(url)
        if settings.workers > 1 and settings.shared_url is None:
            warn(in_language(EACH_ITS_PART, locale).format(workers=settings.workers))
        _run(settings, url, listener, lambda: _announce(settings.host, port, locale))
    typer.echo(in_language(STOPPED, locale))
