"""Planners' questions: siting, scenarios, access scores, trainings."""
