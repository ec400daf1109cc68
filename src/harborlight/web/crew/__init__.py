"""Reports of airline crews, kept on the device until the server has signed for them."""
