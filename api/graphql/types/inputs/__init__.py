"""Inputs of mutations: records, scenarios."""
