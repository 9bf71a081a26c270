"""Measures beside their limits: `make bench`, or `python -m benchmarks NAME --short`.

Each figure is a median over rounds, and every round measures the limit too, so what else
the machine does falls out of the ratio. The server has a core of its own where there are two.
"""
