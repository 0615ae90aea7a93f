"""What vendors do with their profile and services, and what moderators decide about services."""
