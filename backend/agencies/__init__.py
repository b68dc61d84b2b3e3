"""Where the state works: units, agencies, officers, roles, office hours and holidays."""
