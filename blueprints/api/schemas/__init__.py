"""What each task of the API takes and gives, as typed documents."""
