"""Who is here: companies, people, memberships with roles, invitations, sign-in and sessions."""
