"""Reading a large document in a thread that yields to others: a millisecond of work, then an equally long pause.

Python runs one thread at a time and switches only every 5 ms, so a thread that works without a pause would block the
event loop for that long at each of its steps.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from graphql import DocumentNode, Node, Source, Token, TypeInfoVisitor
from graphql.language.lexer import Lexer
from graphql.language.parser import Parser
from graphql.validation.rules import overlapping_fields_can_be_merged

from geo.audience import Caller
from geo.processes import collector
from geo.processes.turn_thread import TurnThread

Result = TypeVar("Result")

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


class Aside(TurnThread):
    """The thread that reads documents and makes statements, with pauses."""

    def __init__(self) -> None:
        super().__init__("Many large documents are being read; try again.", "lakana-aside")

    async def run(self, work: Callable[[], Result], caller: Caller) -> Result:
        """Run a function in the caller's turn and charge its time; it must call :func:`pause_if_due` often."""

        def here() -> Result:
            _aside.here = True
            with collector.making():
                return work()

        return await super().run(here, caller)


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
