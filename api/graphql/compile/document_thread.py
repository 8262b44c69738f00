"""Reading a large document in a thread that yields to others: a millisecond of work, then an equally long pause.

Python runs one thread at a time and switches only every 5 ms, so a thread that works without a pause would block the
event loop for that long at each of its steps.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from graphql import DocumentNode, Node, Source, Token, TypeInfoVisitor
from graphql.language.lexer import Lexer
from graphql.language.parser import Parser
from graphql.validation.rules import overlapping_fields_can_be_merged

from geo import metering
from geo.audience import Audience, Caller
from geo.processes.admission_queue import AdmissionQueue

Result = TypeVar("Result")

PATIENCE_S, WAITING = 3.0, 32
"""How long work may wait for earlier work in this thread, and how many requests of an audience may wait, half of them
of one holder. A page that opens sends all its queries at once. The longest takes some 0.3 s with its pauses."""
WORK_S = 0.001
PAUSE_S = 0.001

_aside = threading.local()


def pause_if_due() -> None:
    """Pause if this is the reading thread and it has worked for a millisecond; the event loop never pauses."""
    if not getattr(_aside, "here", False):
        return
    now = time.perf_counter()
    if now - getattr(_aside, "began", 0.0) > WORK_S:
        time.sleep(PAUSE_S)
        _aside.began = time.perf_counter()


class Aside:
    """The one thread that does, with pauses, work that would block the event loop.

    Each audience has its own queue and at most one document in the thread at a time. However many documents the public
    sends, a partner's document waits for at most one of theirs, and one of each other audience.
    """

    def __init__(self) -> None:
        busy = "Many large documents are being read; try again."
        self._turns = {each: AdmissionQueue(1, PATIENCE_S, busy, waiting_each=WAITING) for each in Audience}
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lakana-aside")

    async def run(self, work: Callable[[], Result], caller: Caller) -> Result:
        """Run a function in the caller's turn and meter its time; it must call :func:`pause_if_due` often.

        Raises
        ------
        Unavailable
            If too much work is queued.

        """
        turns, holder = self._turns[caller.audience], caller.turn
        await turns.take(holder)
        meter, took = metering.current(), 0.0

        def timed() -> Result:
            nonlocal took
            _aside.here = True
            began = time.thread_time()
            try:
                return work()
            finally:
                took = time.thread_time() - began

        def over(_: object) -> None:
            turns.give_back(holder)
            meter.note(processor_s=took)

        working = asyncio.get_running_loop().run_in_executor(self._thread, timed)
        working.add_done_callback(over)
        return await asyncio.shield(working)


class _Lexer(Lexer):
    def advance(self) -> Token:
        pause_if_due()
        return super().advance()


def pause_in_validation() -> None:
    """Let graphql-core pause at each node that it looks at, and while it compares fields with each other.

    Some rules walk a whole operation on their own, and may compare one node thousands of times.
    """
    enter, spend = TypeInfoVisitor.enter, overlapping_fields_can_be_merged.spend_complexity_budget

    def enter_and_pause(visitor: TypeInfoVisitor, node: Node, *args: Any) -> Any:
        pause_if_due()
        return enter(visitor, node, *args)

    def spend_and_pause(rule_context: Any, cost: int) -> None:
        pause_if_due()
        spend(rule_context, cost)

    TypeInfoVisitor.enter = enter_and_pause  # type: ignore[assignment, method-assign]
    overlapping_fields_can_be_merged.spend_complexity_budget = spend_and_pause


def parse(text: str, max_tokens: int) -> DocumentNode:
    """Parse a document as graphql-core does, with pauses."""
    return Parser(text, max_tokens=max_tokens, lexer=_Lexer(Source(text))).parse_document()
