"""Steps from one state of the tables to the next; ``fuping database upgrade`` takes them."""
