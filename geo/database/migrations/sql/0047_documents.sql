-- Documents that requests name by their SHA-256 and do not send: those of a front end, registered before it is published.
CREATE TABLE identity.document (
  digest TEXT NOT NULL CONSTRAINT document_digest_check CHECK (digest ~ '^[0-9a-f]{64}$'),
  text TEXT NOT NULL,
  added_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
  CONSTRAINT document_pkey PRIMARY KEY (digest)
);
GRANT SELECT ON identity.document TO lakana_gate;
