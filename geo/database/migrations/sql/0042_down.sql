DROP INDEX lakana.published_count_source_idx;
