"""The tests: one folder a room, plus journeys, guards and faults."""
