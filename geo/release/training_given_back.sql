-- Enters a published count of participants again, where the training is still here.
INSERT INTO lakana.training_participants (training_event_id, kind, count)
SELECT id, CAST(:kind AS lakana.actor_kind), :count FROM lakana.training_event WHERE id = CAST(:event AS uuid)
ON CONFLICT DO NOTHING
