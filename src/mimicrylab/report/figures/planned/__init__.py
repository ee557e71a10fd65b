"""Figures of planned analyses: from a result's table, roles and curves to the figures that show it."""
