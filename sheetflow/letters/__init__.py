"""The notes: their templates, whose words a draft holds, and the links that open them."""
