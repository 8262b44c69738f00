"""What planners ask: siting, scenarios, access scores, trainings."""
