"""Response pathways, and whom a child can be referred to."""
