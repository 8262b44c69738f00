"""Faults, made on purpose: killed servers, floods, lost databases. ``scripts/faults`` runs them at full size."""
