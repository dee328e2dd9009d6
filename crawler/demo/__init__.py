"""The demonstration: a small news site of our own on loopback, crawled while it changes."""
