"""Forms of the vendor's pages."""
