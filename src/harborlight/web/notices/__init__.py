"""What members are told by mail or on their first page: that something waits, never what it
says."""
