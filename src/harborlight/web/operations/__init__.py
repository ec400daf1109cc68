"""Operations of several agencies: planned around who is to be helped; and deconfliction."""
