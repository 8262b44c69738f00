"""Admission queues, worker processes and long tasks."""
