"""What the columns of each kind of data are called, and how their cells are read."""
