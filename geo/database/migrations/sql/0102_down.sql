DROP TRIGGER forget_hidden_wrong_numbers ON lakana.service;
DROP TRIGGER forget_wrong_numbers ON lakana.service;
DROP TRIGGER forget_wrong_numbers ON lakana.actor;
DROP TABLE lakana.wrong_number;
DROP FUNCTION lakana.report_wrong_number, lakana.settle_wrong_number, lakana.forget_wrong_numbers;
DROP TYPE lakana.wrong_number_outcome;
