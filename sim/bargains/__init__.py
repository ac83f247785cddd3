"""Bargains of two and of many, over texts and over finite tables: problems, solutions, offers. Nothing here knows a world."""
