DROP TABLE lakana.demand_nation, lakana.population_cell;
