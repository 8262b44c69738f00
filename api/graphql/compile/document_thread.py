"""Reading a large document in a thread that lets the others on: a millisecond of work, then a pause as long.

Python runs one thread at a time and asks for a change only every 5 ms, so a thread that works without a pause would
hold the event loop up for so long at each of its steps.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from graphql import ASTValidationRule, DocumentNode, Source, Token
from graphql.language.lexer import Lexer
from graphql.language.parser import Parser
from graphql.validation.rules import overlapping_fields_can_be_merged

from geo import metering
from geo.processes.admission_queue import Turns

Result = TypeVar("Result")

PATIENCE_S = 1.0
"""How long what is done aside may wait for what came before; the longest takes some 0.3 s with its pauses."""
WORK_S = 0.001
PAUSE_S = 0.001

_aside = threading.local()


def pause_if_due() -> None:
    """Pause where the thread aside has worked for a millisecond without one; the event loop never does."""
    if not getattr(_aside, "here", False):
        return
    now = time.perf_counter()
    if now - getattr(_aside, "began", 0.0) > WORK_S:
        time.sleep(PAUSE_S)
        _aside.began = time.perf_counter()


class Aside:
    """The one thread that does with pauses what would hold the event loop up."""

    def __init__(self) -> None:
        self._turns = Turns(1, PATIENCE_S, "Many large documents are being read; try again.")
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lakana-aside")

    async def run(self, work: Callable[[], Result], holder: str) -> Result:
        """Run a function that calls :func:`pause_if_due` often, in a holder's turn, and note what it took.

        Raises
        ------
        Unavailable
            Where too much waits to be done.

        """
        await self._turns.take(holder)
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
            self._turns.give_back(holder)
            meter.note(processor_s=took)

        working = asyncio.get_running_loop().run_in_executor(self._thread, timed)
        working.add_done_callback(over)
        return await asyncio.shield(working)


class _Lexer(Lexer):
    def advance(self) -> Token:
        pause_if_due()
        return super().advance()


class Pauses(ASTValidationRule):
    """A rule that finds nothing wrong and pauses."""

    def enter(self, *_: Any) -> None:
        """Pause before a node."""
        pause_if_due()


def pause_in_comparisons() -> None:
    """Let graphql-core pause while it compares fields with each other, thousands of times for one node."""
    spend = overlapping_fields_can_be_merged.spend_complexity_budget

    def spend_and_pause(rule_context: Any, cost: int) -> None:
        pause_if_due()
        spend(rule_context, cost)

    overlapping_fields_can_be_merged.spend_complexity_budget = spend_and_pause


def parse(text: str, max_tokens: int) -> DocumentNode:
    """Parse a document as graphql-core does, with pauses."""
    return Parser(text, max_tokens=max_tokens, lexer=_Lexer(Source(text))).parse_document()
