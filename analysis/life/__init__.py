"""The life of one agreement, from its talks to its end and its successor: read from a run folder, told in words, drawn as a line."""
