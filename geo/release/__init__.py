"""The release of counts: rounding, grain, schedule, and the attackers that it is checked against."""
