"""Marginbot: isolated or cross margin, and what happens to me in each?"""

__version__ = "0.1.0"
