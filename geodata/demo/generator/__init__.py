"""Makes the invented peat area of the demonstration. Python's standard library only, the same bytes every time."""
