"""What runs beside requests: jobs that look for sites, anchors of the audit log."""
