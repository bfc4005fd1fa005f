"""What in a text could say who somebody is."""
