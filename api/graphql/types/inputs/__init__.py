"""What is given to mutations: records, scenarios, trainings."""
