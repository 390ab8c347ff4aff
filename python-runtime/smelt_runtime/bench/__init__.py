"""Benchmarks that measure what was really computed."""
