"""Needs matched with services; beds held; referrals offered, accepted, started, ended."""
