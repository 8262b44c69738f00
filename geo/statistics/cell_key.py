"""Cell-key rounding to base 5: a count is rounded up or down by a number that only K and its leaves decide.

::

    published = 5⌊x/5⌋ + (5 if u < (x mod 5)/5 else 0)

Each leaf (locality, quarter, type) that is not zero has a key, the first 64 bits of HMAC-SHA256(K, leaf id). The key of
a cell is the first 64 bits of HMAC-SHA256(K, Σ keys of its leaves mod 2⁶⁴). It identifies the **set** of the cell's
non-zero leaves, and u is that key divided by 2⁶⁴. So the rounding is unbiased and off by at most 4, the same cell
always gets the same answer, and one cell's u reveals nothing about another's.

The sum itself must never be u: with u(parent) = Σ u(children) a parent and its children bound each other, and counts
below 5 could be inferred exactly (:mod:`geo.release.propagation`).

Source: the cell key method of the Australian Bureau of Statistics (Fraser and Wooton, 2005), here with keys that nobody
can compute without K.
"""

from __future__ import annotations

import hmac

BASE = 5
OFF_BY = BASE - 1
"""How far a published count may be from the true one, up or down."""
KEY_BYTES = 8
KEYS = 1 << 8 * KEY_BYTES
"""The number of possible keys: a key is a whole number below it."""


def leaf_key(key: bytes, leaf: str) -> int:
    """Return the key of a leaf, a whole number below 2⁶⁴.

    Examples
    --------
    >>> leaf_key(b"k" * 32, "ML:1/2025-Q4/TRAFFICKING") < 2**64
    True

    """
    return _first_bits(key, leaf.encode())


def cell_key(key: bytes, leaf_keys: int) -> int:
    """Return the key of a cell from the sum of the keys of its non-zero leaves, a whole number below 2⁶⁴.

    Examples
    --------
    The same leaves have the same key, and a sum of keys is not the key of a sum.

    >>> cell_key(b"k" * 32, 2**64 + 7) == cell_key(b"k" * 32, 7)
    True
    >>> (cell_key(b"k" * 32, 3) + cell_key(b"k" * 32, 4)) % 2**64 == cell_key(b"k" * 32, 7)
    False

    """
    return _first_bits(key, b"cell/" + (leaf_keys % KEYS).to_bytes(KEY_BYTES, "big"))


def rounded(count: int, key: int) -> int:
    """Round a count to base 5 by the key of its cell.

    Examples
    --------
    >>> rounded(10, 2**64 - 1), rounded(7, 0), rounded(7, 2**64 - 1)
    (10, 10, 5)
    >>> rounded(0, 0)
    0

    """
    whole, rest = divmod(count, BASE)
    # u < rest / 5 in integers, without rounding errors of floats.
    return BASE * whole + (BASE if key * BASE < rest * KEYS else 0)


def _first_bits(key: bytes, message: bytes) -> int:
    return int.from_bytes(hmac.digest(key, message, "sha256")[:KEY_BYTES], "big")
