"""What stewards and partners write of shelters, in Velaa."""
