"""Rows that stewards alone read: imports, wrong numbers, people."""
