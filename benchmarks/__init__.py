"""How fast the house is against the machine's own limits; run by hand with `bin/bench`, never as a test."""
