"""Imports by HTTP: files that stewards send, jobs that read them beside requests, and the page for it."""
