"""Work that runs beside requests: siting jobs, and anchors of the audit log."""
