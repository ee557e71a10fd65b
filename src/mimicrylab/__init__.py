"""MimicryLab: facial-mimicry research in one open tool, from the design of a study to its statistics."""

__version__ = "0.1.0"
