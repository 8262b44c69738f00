"""How an export asks: as any client does, by GraphQL, as the audience of whoever asks for it."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

from api.graphql.compile import guard
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused
from api.identity.budget import Bill
from api.identity.visitor import Visitor
from geo import metering
from geo.audience import Caller
from geo.errors import Unavailable
from geo.metering import Stopwatch
from geo.service import Resources
from geo.vocabulary import Locale

TRIES = 5
"""How often a page is asked for while the service is busy: what was written so far would be lost."""
BUSY = "UNAVAILABLE"
Given = Mapping[str, Any]
Result = TypeVar("Result")


@dataclass
class Asker:
    """Asks documents.

    Parameters
    ----------
    operations, resources
        What answers.
    caller
        Who asks.
    bill
        Who pays; ``None`` for the command line.
    momentary
        Whether an answer so far is true at its moment alone, since its statement reads the clock.

    """

    operations: Operations
    resources: Resources
    caller: Caller
    bill: Bill | None = None
    momentary: bool = False

    @classmethod
    def of(cls, visitor: Visitor, operations: Operations, resources: Resources, locale: Locale) -> Asker:
        """Return who asks in the name of a visitor, who pays, in a language."""
        return cls(operations, resources, visitor.caller.speaking(locale), visitor.account)

    async def price(self, document: str, given: Given) -> float:
        """Return what a document costs.

        Raises
        ------
        Refused
            If it may not be asked, or an argument is not good.
        RateLimited
            If reading it costs more than is left.

        """
        if self.bill is not None:
            self.bill.read((document, None), guard.reading_price(document))
        operation = await self.operations.read(document, None, self.caller)
        try:
            _, cost = await operation.admit(given, self.caller)
        except Refused as refused:
            self.charge(refused.price)
            raise
        return cost

    def charge(self, points: float) -> None:
        """Charge for it.

        Raises
        ------
        RateLimited
            If less is left.

        """
        if self.bill is not None:
            self.bill.charge(math.ceil(points))

    async def ask(self, document: str, given: Given) -> Mapping[str, Any]:
        """Return the data of an answer; where the service is busy, it is asked again a few times.

        Raises
        ------
        Refused
            If it has errors.

        """
        operation = await self.operations.read(document, None, self.caller)
        for again in reversed(range(TRIES)):
            variables, _ = await operation.admit(given, self.caller)
            answered = await operation.answer(variables, self.caller, self.resources)
            self.momentary |= answered.momentary
            if not answered.codes:
                data: Mapping[str, Any] = orjson.loads(answered.body)["data"]
                return data
            if not (again and BUSY in answered.codes):
                break
            await asyncio.sleep(answered.retry_after_s or 1)
        raise Refused(orjson.loads(answered.body)["errors"])

    async def paid(self, document: str, given: Given) -> Mapping[str, Any]:
        """Return the data of an answer, as :meth:`ask` does, once its price is charged.

        Raises
        ------
        Refused
            If it may not be asked, an argument is not good, or the answer has errors.
        RateLimited
            If less is left than it costs.

        """
        self.charge(await self.price(document, given))
        return await self.ask(document, given)

    async def beside(self, work: Callable[[], Result]) -> Result:
        """Do work on a page in a thread, in the caller's turn; where too much waits, it is tried again a few times.

        Raises
        ------
        Unavailable
            If too much work waits still.

        """
        for _ in range(1, TRIES):
            try:
                return await self.resources.writing.run(work, self.caller)
            except Unavailable as busy:
                await asyncio.sleep(busy.retry_after_s)
        return await self.resources.writing.run(work, self.caller)

    async def at_length(self, work: Callable[[], None]) -> None:
        """Do work on a whole file in a thread of its own, which nobody else waits for."""
        meter, took = metering.current(), Stopwatch(time.thread_time)
        await asyncio.to_thread(took.timing(work))
        meter.note(processor_s=took.seconds)
