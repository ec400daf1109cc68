"""Stage 3: phones, e-mails, handles, links, prices, times, places and images in ads."""
