"""What people are told: news in the app first, then by the channels they want.

Owns notifications, their deliveries and what each person wants to get, and the one stream of live steps. The words belong to
the room that speaks: it registers them per event (`words.register`) and tells (`telling.tell`) inside its unit of work.
Neighbours: accounts knows the address, agencies whose officer listens.
"""
