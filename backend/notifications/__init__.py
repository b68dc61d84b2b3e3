"""What a person is told, and the channels it goes out by."""
