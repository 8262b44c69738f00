"""A statement that takes too long inside of GEOS is told as such, and not as an error of ours."""

from __future__ import annotations

import asyncio

import pytest

from geo.audience import Audience
from geo.database.owner import login_url
from geo.database.pool import Pool
from geo.database.statements import Job, Statement
from geo.errors import Timeout

pytestmark = pytest.mark.database

HOLES = """
SELECT ST_NPoints(ST_Difference(ST_MakeEnvelope(-1, -1, 201, 201), holes, 1e-6))::text
FROM (SELECT ST_Collect(ST_Translate(disc, n % 200, n / 200)) AS holes
      FROM (SELECT ST_Buffer(ST_MakePoint(0, 0), 0.4, 16) AS disc) one CROSS JOIN generate_series(1, 3000) n) many
"""


@pytest.mark.parametrize("timeout_ms", [150, 300])
def test_an_interruption_of_geos_is_a_timeout(empty_url: str, timeout_ms: int):
    pool = Pool(login_url(empty_url, Audience.PUBLIC), 1, timeout_ms)
    [answer] = asyncio.run(pool.run([Job(Statement(HOLES, (), {}), ())], "one"))
    pool.close()
    assert isinstance(answer, Timeout), answer
    assert f"{timeout_ms / 1000:g} s" in str(answer)
