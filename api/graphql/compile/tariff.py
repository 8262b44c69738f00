"""The one list of what things cost, in points, each beside the measurement that it stands for.

One point is :data:`POINT_MS`, a tenth of a millisecond, of the database or of the event loop, or half a millisecond of
a worker process. The measurements are those of ``tests/benchmarks/prices.py`` on a machine with two cores. Run it to
measure again: it marks each price that is off by more than four times.
"""

from __future__ import annotations

POINT_MS = 0.1
WORKER_POINT_MS = 0.5

ROOT = 2.0
"""A root field: executing its statement and passing on the answer."""
LEAF = 0.02
"""A value of a row."""
ROW = 0.05
"""A row, and an object read from a row of its own."""
RECORD = 0.1
"""An object of whatever type, looked for among the rows of each: 1.0 ms for 100."""
POINT_VALUE = 0.05
"""A point as GeoJSON."""
OUTLINE_TEST = 0.6
"""Whether an outline holds a point: 0.05 ms for a region of the seeds."""
SUCCESSOR = 0.1
"""Whether a crosswalk leads to an area from one in force: 2.3 ms for 240 areas."""
NATION = 2.0
"""Finding the nation of an area: 0.2 ms."""
OUTLINE = 0.6
"""An outline as GeoJSON, in the mean: 1.6 ms for the nation's and 20 regions'."""
OUTLINE_POSITION = 0.005
"""A position of an outline: 0.85 ms for the 1,728 of the seeds' nation."""
OUTLINE_AT_MOST = 20.0
"""The most for an outline, so that a page of them can be asked for in every country; the rest is charged later."""
OPEN_THEN, NEXT_CHANGE = 0.5, 2.5
"""Asking hours whether they are open at a moment: 0.043 ms; and when that changes: 0.24 ms."""
LEFT_OUT = 25.0
"""Counting the confidential services of the zones that an area overlaps: 2.5 ms for the nation."""
DATED, DATED_EACH = 5.0, 0.1
"""Of when the data of an answer are, 0.48 ms, most of it for the census of the nation; and the latest verified service
of each category: 0.58 ms for 16 among 300,000 services."""
TOTAL = 3.0
"""Counting all matches of a list."""
SORTED_ROW = 0.02
"""Each further row that lies in a box, found by the index and sorted by name: 440 to 1,027 ms for 300,000."""
COUNTED_ROW, COUNTED_MATCH = 0.0013, 0.01
"""Each further row of a table that is counted: 40 ms for 300,000; and of those that lie in a box or an area: 280 ms."""
TOTAL_OF = {"audit_entries": 1_000.0, "imports": 400.0, "people": 400.0, "proposals": 1_000.0, "wrong_numbers": 400.0}
"""Counting all matches in a table that the public does not read or of which some rows are withheld: the audit log takes
4 to 19 µs a row. It is the same whatever is there, as a price by its rows told how many are withheld; the rest is
charged later."""
OF_AN_AREA = 0.25
"""The part of a table that is taken to lie in an area; the nation's rest is charged later."""
SEARCHED_ROW, SEARCHED_ROW_SHORT = 0.0003, 0.003
"""Each further row of a table in which a text is looked for; one of less than three letters is not in the index."""
SEARCHED_NAME, SEARCHED_LETTER = 0.002, 0.0001
"""Each spelling of a place's name in which a text is looked for, and the same for each of the letters that count: with
8 letters 13 to 22 ms for 300,000, with 40 or more 50 to 200."""
SEARCHED_LETTERS = 40
LIKENED, LIKENED_AT_MOST, LIKENED_PART = 0.25, 3_000, 0.1
"""A spelling that is likened with the text, 0.04 to 0.05 ms, and the part of all that a text of three letters may be
alike: two letters 28 to 52 ms among 10,000, eight 1.4. The more different threes of letters, the fewer."""
COMPILED = 2.0
"""Making the SQL of a field, once for each choice of ``@skip`` and ``@include`` and of given arguments: 0.7 ms."""
COMPILED_FOR_1000_CHARACTERS = 5.0
"""The same by the statement's length, where that is more: 0.9 to 1.9 ms; a record of whatever type, 12,000 characters
for two fields, 13 ms."""
RECKONED = 0.01
"""Reckoning the price of a field, of an operation that is then refused: 0.19 ms for 213, most in nested lists."""
INTROSPECTED = 0.08
"""A value of introspection, which Python resolves: 164 ms for the 17,000 of the usual query."""
REFUSED = 4.0
"""Telling of a refusal, remembered or not, beside what finding it out is charged: 0.5 ms in all."""
READING_FOR_100_CHARACTERS = 10.0
"""Parsing, validating and compiling a document that is not cached."""
VARIABLES_FOR_1000_CHARACTERS = 3.0
"""Coercing variables: 19 to 34 ms for a list of 9,500 terms, 95 kB, of which guard.MAX_VALUES admits 6,000."""
VARIABLES_FOR_A_VALUE = 0.05
"""Each value among them: 22 ms for 5,900 numbers, 29 ms for 1,980 points; longer work is charged afterwards."""
PARSED_FOR_1000_CHARACTERS, PARSED_MARK = 0.02, 0.001
"""Parsing a body or an address, whatever becomes of it: 0.1 to 0.2 ms for 99 kB without any of :data:`PARSED_MARKS`,
0.7 to 2.4 ms for 22,000 of them; 0.4 ms for the 2,600 bytes that an address may escape."""
PARSED_MARKS = b"[{,:%"
PAGE = 3.0
"""Finding a page of a list: 0.2 to 0.4 ms."""
PAGE_OF_ONE = 0.5
"""The same of each of several categories, from which a page is put together."""
NESTED_PAGE = 0.3
"""Finding a page of a list inside a record, or counting it."""
PART = 0.5
"""A piece of land as GeoJSON."""
FEATURE = 0.15
"""A feature of a layer with its properties."""
BY_IDS, BY_ID = 6.0, 0.02
"""Looking for ids in the tables of all kinds, 0.6 ms, and each of them: 0.15 ms for 100."""
NEAREST, NEAREST_EACH = 4.0, 0.05
SEARCHED, SEARCHED_AT_MOST = 0.4, 1_000
"""A service that is looked at for one that fits: 0.04 to 0.1 ms where none is open, 0.055 in one walk of all 713 of the
seeds. By day few are looked at, 2.5 ms; what it really took is charged afterwards, up to four times the price."""
AT_PLACE, AT_PLACE_POSITION = 10.0, 0.0006
"""Finding the areas that hold a place, 0.6 to 1.1 ms, and a position of the largest outline: 2 ms more for 33,700."""
COMPETENT, COMPETENT_EACH = 10.0, 0.045
"""Finding who is competent there: 1 to 2 ms, of 458 actors and of 12,458; and each actor of one jurisdiction, which is
measured: 55 ms for 12,000."""
STEP = 10.0
"""Finding the candidates of one step of a pathway, beside looking for those that fit."""
WALKED = 0.001
"""A demand point in the blocks that a sum reads: 9 ms for 100,000 of one category."""
PAIR = 0.002
"""A category at a demand point, whose distance is looked at: 30 ms for 100,000 points and three categories, and 212 ms
for a stage of 13."""
MEASURED_ROW = 0.3
"""A category at a locality of a page, looked for in its block: 2 ms for 21 localities and three categories."""
PAIR_BY_ROAD = 0.045
"""The same, by the time along roads."""
PLACES = 0.03
"""Giving free places to the children of a demand point."""
CURVE_STEP = 0.00005
RANKED = 0.05
"""A locality that is ranked: 0.4 s for 99,000, of which 70,000 are out of reach."""
SOURCED = 0.003
"""Looking at a service, or at a demand point, for the sources of an answer: 48 to 121 ms for 311,000."""
GAP_OUTLINE, GAP_CIRCLE = 300.0, 4.0
TRAINED_NEAR, USUAL_ACTORS = 0.0035, 458
"""An actor that is looked at for the trained one nearest to a locality: 8 ms for 77 localities among 300 actors."""
TRAINED, TIMED = 0.08, 0.1
COMPARED = 0.1
"""A demand point, for each scenario and for today: 30 ms for those of the seeds."""
CHANGED = 0.02
"""The same for each change of a scenario: 0.01 for a site that is added, 0.02 for a service that is closed, 0.05 if it
is moved."""
SOLVER_SHARE, SOLVED = 0.1, 0.5
SITED_PAIR = 0.0005
"""A candidate and a demand point: with 1,000 points, 3.2 million of them, 0.4 to 2.7 s."""
SENT_APART = 100.0
"""Reading what a worker process needs, and sending it there and back."""
SCORED = 0.04
SCORED_PAIR = 0.0015
"""A demand point and a service within reach of each other, as all may be."""
TESTED, DRAWN = 0.15, 0.00008
"""A place, with 50 redraws of its count, and a neighbour drawn in a permutation of one: 0.04 µs. 94 places with
6 (50) neighbours and 9,999 permutations 0.16 s (0.8 s); 5,000 places 0.4 s (1.0 s)."""
TESTS, DRAWN_AT_MOST, USUAL_NEIGHBOURS = 51, 20_000_000, 6
"""The published counts and their redraws are tested by at most so many drawn neighbours."""
FOLLOWED, COUNTED = 0.15, 0.05
INDEXED_LETTERS = 3
QUARTERS_AT_MOST, USUAL_QUARTERS = 40, 8
WRITE = 50.0
CHANGE = 1.0
"""A change of a scenario, or a recorded row."""
RETURN = 11 * CHANGE
"""A recorded return, and a row for each type."""
TRAINED_ACTOR = 2.5
"""An actor that sent somebody to a training: 60 to 190 ms for 458."""
JOB_SECOND = 5.0
GIVEN_POINT = 0.2
"""A point among the candidates of a job, made and checked: 21 to 26 ms for 1,000."""
UNPACKED = 1.0
"""Reading what a job was asked, which is stored whole: 0.01 ms, and 0.1 ms beside 91 kB of ``exclude``."""
STORED_POLYGONS = 10.0
"""Reading that ``exclude`` too: 0.01 to 4.2 ms, of which 4 ms are charged."""
WORK_AT_MOST = 4_000.0
"""The most for the work of one root field. In a country so large that it takes longer, the rest is charged later."""
