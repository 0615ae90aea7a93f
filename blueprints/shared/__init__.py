"""What all audiences use: the actor, permissions on routes, forms, navigation, the edge of a request."""
