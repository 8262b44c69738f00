"""Inputs of mutations: records, scenarios, trainings."""
