"""From a document to prepared statements: cache, guard, prices, projection, execution."""
