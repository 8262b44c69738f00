DROP TABLE lakana.nation_language;
