"""Workbooks to be filled in, one for each kind, made from its declaration."""
