"""The requests that the console may send to the running gateway, and no others."""
