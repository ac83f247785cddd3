"""What parts declare: the arrays, tables and axes that a part owns, as plain data."""
