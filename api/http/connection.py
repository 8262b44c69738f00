"""A client's connection: given up where the client sends its request, or takes the answer, too slowly."""

from __future__ import annotations

import asyncio
from asyncio import TimerHandle
from typing import cast

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.http.shedding import client_left

SEND_S = 10.0
"""What a client may take to send a request whole, from its first byte, or from the opening of the connection."""

TAKE_S = 30.0
"""What a client may take until so much of an answer is gone that more can be written."""

LAST_WORD_S = 0.2
"""How long a server that leaves still listens to a connection on which nothing is under way."""


class Connection(HttpToolsProtocol):
    """Uvicorn's protocol, with a time for what uvicorn waits for without end."""

    _leaving = False
    _sending: TimerHandle | None = None
    _taking: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Await the first request."""
        super().connection_made(transport)
        self._await_request()

    def data_received(self, data: bytes) -> None:
        """Await the rest of the request that begins here."""
        self._await_request()
        super().data_received(data)

    def on_message_begin(self) -> None:
        """Await the rest of a request that came together with the one before."""
        self._await_request()
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """Await nothing more: the request is whole."""
        self._request_is_whole()
        super().on_message_complete()

    def on_headers_complete(self) -> None:
        """Begin to answer; where the server is leaving, the client is told to ask elsewhere next."""
        super().on_headers_complete()
        if self._leaving:
            self.cycle.keep_alive = False

    def shutdown(self) -> None:
        """Leave: what has been asked is answered, and so is what is asked in this moment on an open connection."""
        self._leaving = True
        if self.cycle is None or self.cycle.response_complete:
            self.loop.call_later(LAST_WORD_S, super().shutdown)
        else:
            super().shutdown()

    def pause_writing(self) -> None:
        """Await that the client takes what is written."""
        super().pause_writing()
        self._taking = self.loop.call_later(TAKE_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Write on."""
        self._answer_is_taken()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Await nothing more, and end what is done for the client: it is gone."""
        self._request_is_whole()
        self._answer_is_taken()
        if self.cycle is not None and not self.cycle.response_complete:
            client_left(cast("Scope", self.cycle.scope))
        super().connection_lost(exc)

    def _await_request(self) -> None:
        if self._sending is None:
            self._sending = self.loop.call_later(SEND_S, self._give_up)

    def _request_is_whole(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    def _answer_is_taken(self) -> None:
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def _give_up(self) -> None:
        if self.pipeline:
            # The next request waits here for the answer before it, so its client is not to blame.
            self._sending = self.loop.call_later(SEND_S, self._give_up)
        else:
            self.transport.abort()
