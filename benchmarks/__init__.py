"""Measurements beside a peer in the same run, given as ratios: on shared machines absolute times mean little."""
