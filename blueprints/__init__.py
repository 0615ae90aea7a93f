"""Who is asking: one blueprint per audience, thin views that translate HTTP into calls of the portal."""
