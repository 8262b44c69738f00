-- What folding gives otherwise now is computed again; 0013_name_keys has done so for the columns.
REINDEX INDEX lakana.organization_joined_idx;
REINDEX INDEX lakana.organization_acronym_word_idx;
REINDEX INDEX lakana.organization_host_word_idx;
REINDEX INDEX lakana.actor_joined_idx;
REINDEX INDEX lakana.service_joined_idx;
REINDEX INDEX lakana.training_event_joined_idx;
INSERT INTO exact.former_word SELECT DISTINCT lakana.fold(word) FROM exact.former_word WHERE lakana.fold(word) NOT IN ('', word)
ON CONFLICT DO NOTHING;
INSERT INTO exact.former_gate SELECT DISTINCT lakana.fold(contact_key) FROM exact.former_gate WHERE lakana.fold(contact_key) <> contact_key
ON CONFLICT DO NOTHING;
