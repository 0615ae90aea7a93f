"""Believable demo data: companies, services, requirements and engagements, made by the real actions on a moved clock."""
