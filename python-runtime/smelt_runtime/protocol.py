"""The version of the messages; messages.py is for reading and generating, and is never imported."""

PROTOCOL = 1
