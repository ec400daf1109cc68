"""Worker processes, threads, progress, memory and sums over groups."""
