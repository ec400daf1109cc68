"""Safe Harbor: who may not be arrested or charged, the clocks of child protection, consent."""
