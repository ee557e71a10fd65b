"""The participants' flow: a box a step, and beside each step who is lost there and why."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.flow import FlowStep, tabulate_flow
from mimicrylab.report.wording import count_noun

BOX_LEFT, BOX_WIDTH = 1.0, 330.0
SIDE_LEFT, SIDE_WIDTH = 400.0, 319.0
LINE_PX = 17.0
PADDING_PX = 11.0
GAP_PX = 22.0


def draw_flow(steps: Sequence[FlowStep], *, name: str, title: str) -> Figure:
    """Return the diagram of the steps from all participants to those analysed, with the counts by group."""
    alt = describe_flow(steps)
    heights = [_measure_box(_write_lines(step)) for step in steps]
    gaps = [max(GAP_PX * 2, _measure_box(_write_losses(step)) + GAP_PX) for step in steps[1:]]
    height = sum(heights) + sum(gaps) + 2
    with open_canvas(height, free=True) as canvas:
        axis = canvas.add_axes((0, 0, 1, 1))
        axis.set_axis_off()
        axis.set_xlim(0, style.WIDTH_PX)
        axis.set_ylim(height, 0)
        top = 1.0
        for index, step in enumerate(steps):
            if index:
                gap = gaps[index - 1]
                _draw_losses(axis, step, top - gap, gap)
            _draw_box(axis, _write_lines(step), BOX_LEFT, top, BOX_WIDTH, last=index == len(steps) - 1)
            top += heights[index] + (gaps[index] if index < len(gaps) else 0)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, tabulate_flow(steps))


def describe_flow(steps: Sequence[FlowStep]) -> str:
    """Return the flow in sentences, with every number of the diagram."""
    sentences = []
    for index, step in enumerate(steps):
        if step.losses:
            total = sum(count for _, count in step.losses)
            lost = ", ".join(f"{reason} ({count})" for reason, count in step.losses)
            sentences.append(f"{total} {'was' if total == 1 else 'were'} lost: {lost}.")
        groups = f" ({'; '.join(_write_groups(step))})" if step.groups else ""
        subject = f"{step.n} remained {step.label}" if index else f"{count_noun(step.n, 'participant')} {step.label}"
        sentences.append(f"{subject}{groups}.")
    return " ".join(sentences)


def _write_groups(step: FlowStep) -> list[str]:
    return [", ".join(f"{count} {name}" for name, count in members) for _, members in step.groups]


def _write_lines(step: FlowStep) -> list[str]:
    return [f"{step.n} {step.label}", *_write_groups(step)]


def _write_losses(step: FlowStep) -> list[str]:
    if not step.losses:
        return []
    total = sum(count for _, count in step.losses)
    return [f"{total} lost", *[f"{count} {reason}" for reason, count in step.losses]]


def _measure_box(lines: Sequence[str]) -> float:
    return len(lines) * LINE_PX + 2 * PADDING_PX if lines else 0.0


def _draw_box(axis: Axes, lines: Sequence[str], left: float, top: float, width: float, *, last: bool) -> None:
    edge = style.OWN if last else style.QUIET
    height = _measure_box(lines)
    axis.add_patch(Rectangle((left, top), width, height, facecolor="white", edgecolor=edge, lw=1.6 if last else 0.9))
    for index, line in enumerate(lines):
        place = top + PADDING_PX + (index + 0.5) * LINE_PX
        axis.text(
            left + 14,
            place,
            line,
            va="center_baseline",
            fontsize=13 if index == 0 else 11.5,
            fontweight="bold" if index == 0 else "normal",
            color=style.INK if index == 0 else style.QUIET,
        )


def _draw_losses(axis: Axes, step: FlowStep, top: float, gap: float) -> None:
    middle = BOX_LEFT + BOX_WIDTH / 2
    arrow = {"arrowstyle": "-|>,head_width=0.22,head_length=0.4", "color": style.QUIET, "lw": 0.9, "shrinkA": 0}
    axis.annotate("", (middle, top + gap), (middle, top), arrowprops={**arrow, "shrinkB": 0})
    lines = _write_losses(step)
    if not lines:
        return
    height = _measure_box(lines)
    place = top + gap / 2
    axis.annotate("", (SIDE_LEFT, place), (middle, place), arrowprops={**arrow, "shrinkB": 0})
    axis.add_patch(
        Rectangle((SIDE_LEFT, place - height / 2), SIDE_WIDTH, height, facecolor=style.GROUND, edgecolor="none")
    )
    for index, line in enumerate(lines):
        baseline = place - height / 2 + PADDING_PX + (index + 0.5) * LINE_PX
        axis.text(
            SIDE_LEFT + 14,
            baseline,
            line,
            va="center_baseline",
            fontsize=11.5,
            fontweight="bold" if index == 0 else "normal",
        )
