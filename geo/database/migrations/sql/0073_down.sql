DROP TABLE lakana.population_share;
