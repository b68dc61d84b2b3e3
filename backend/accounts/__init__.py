"""People: who they say they are, how they sign in, on which devices, what they agreed to."""
