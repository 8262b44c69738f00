DROP TABLE lakana.context_value, lakana.context_series;
DROP TYPE lakana.figure_sex;
