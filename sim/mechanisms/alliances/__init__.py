"""Who is close to whom this year, and who is hostile: layers of the alliance graph, and one weight mixed from them."""
