"""Recognize: ads in, reviewable leads out. One file a stage; knows no Django."""
