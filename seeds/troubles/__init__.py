"""What can be wrong with a file that is imported: what is wrong, what to do, and how much it matters."""

from seeds.troubles.areas import AreaTrouble
from seeds.troubles.cells import CellTrouble
from seeds.troubles.counts import CountTrouble
from seeds.troubles.files import FileTrouble
from seeds.troubles.rows import RowTrouble
from seeds.troubles.trouble import SHOWN, Refused, Trouble, Weight, catalogue, named, number, said

__all__ = [
    "SHOWN",
    "AreaTrouble",
    "CellTrouble",
    "CountTrouble",
    "FileTrouble",
    "Refused",
    "RowTrouble",
    "Trouble",
    "Weight",
    "catalogue",
    "named",
    "number",
    "said",
]
