"""Inputs: of questions, and of mutations: records, scenarios."""
