"""What people do with accounts: sign up, confirm, reset, invite, accept, change roles and details."""
