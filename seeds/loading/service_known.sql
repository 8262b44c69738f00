-- Which services and actors of ours the list's are.
UPDATE staged s SET
  service_id = (SELECT f.row_id FROM audit.foreign_id f WHERE (f.subject, f.scheme, f.code) = ('service', :list_scheme, s.code)),
  actor_id = (SELECT f.row_id FROM audit.foreign_id f WHERE (f.subject, f.scheme, f.code) = ('actor', :list_scheme, s.actor_code))
