#!/bin/sh
# Run once by the image of PostgreSQL when it makes the cluster of the compose file: lets the replicas of its network in.
set -eu
echo "host replication lakana samenet scram-sha-256" >>"$PGDATA/pg_hba.conf"
