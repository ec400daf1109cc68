"""Recognize: ads in, reviewable leads out. One package a stage; knows no Django."""
