"""Operations, arrests, charges, dispositions and sentences of those who sell and buy."""
