"""Reading a plan: from a grid of cells, or from text with no layout left, to the records of a plan."""
