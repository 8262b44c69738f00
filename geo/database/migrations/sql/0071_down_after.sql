DROP FUNCTION lakana.follow_many, lakana.refuse_gate_numbers, lakana.mend_told, lakana.untold, lakana.hidden_texts;
