"""What every request passes: connection, shedding, observation, and GraphQL over HTTP."""
