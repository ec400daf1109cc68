"""How long records are kept, what keeps them longer, and how a person's record is removed."""
