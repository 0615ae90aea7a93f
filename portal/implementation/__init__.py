"""Training and implementation: a plan of milestones that one party submits and the other accepts, up to go-live."""
