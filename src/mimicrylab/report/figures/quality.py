"""How good the recordings are: the share of valid frames of each, by grade, and what the other frames were lost to."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from mimicrylab.report.figures import style
from mimicrylab.report.figures.drawing import Figure, open_canvas, render_svg
from mimicrylab.report.wording import count_noun, format_share

HEIGHT_PX = 250.0
CAUSE_PX = 22.0
GRADE_MARKERS = ("o", "s", "^", "X")


def draw_valid_shares(data: pl.DataFrame, *, name: str, title: str) -> Figure:
    """Return one dot a recording, sorted by its share of valid frames, coloured and shaped by grade.

    ``data`` has ``recording_id, grade, share_valid``; a recording without frames (null share) stands at 0.
    """
    rows = data.select("recording_id", "grade", "share_valid").sort(
        "share_valid", "recording_id", descending=[True, False], nulls_last=True
    )
    grades = sorted(rows["grade"].unique().to_list())
    alt = _describe_shares(rows, grades)
    with open_canvas(HEIGHT_PX) as canvas:
        axis = canvas.subplots()
        for grade in grades:
            own = rows.with_row_index("place", offset=1).filter(pl.col("grade") == grade)
            axis.plot(
                own["place"],
                own["share_valid"].fill_null(0.0) * 100,
                GRADE_MARKERS[grade],
                color=style.GRADE_COLOURS[grade],
                markersize=6,
                markeredgewidth=0,
            )
        axis.set_ylim(-3, 103)
        axis.set_xlim(0.4, rows.height + 0.6)
        axis.set_ylabel("Valid frames (%)")
        axis.set_xlabel("Recordings, from best to worst")
        axis.xaxis.set_major_locator(MaxNLocator(nbins=9, steps=[1, 2, 5, 10], integer=True, min_n_ticks=1))
        axis.grid(axis="y")
        handles = [
            Line2D([], [], ls="", marker=GRADE_MARKERS[g], color=style.GRADE_COLOURS[g], label=style.GRADE_NAMES[g])
            for g in grades
        ]
        canvas.legend(handles=handles, loc="outside upper left", ncols=len(handles), borderaxespad=0.2)
        svg = render_svg(canvas, name, alt=alt)
    return Figure(name, title, svg, alt, rows)


def draw_lost_shares(causes: Mapping[str, float], *, name: str, title: str) -> Figure:
    """Return one bar a cause: the share of all frames that it makes invalid. A frame can be lost to several causes."""
    ordered = sorted(causes.items(), key=lambda item: (-item[1], item[0]))
    listed = "; ".join(f"{cause} {format_share(share)}" for cause, share in ordered)
    alt = f"Bars of the share of all frames lost to each cause: {listed}."
    with open_canvas(len(ordered) * CAUSE_PX + 50) as canvas:
        axis = canvas.subplots()
        shares = [share * 100 for _, share in ordered]
        axis.barh(range(len(ordered)), shares, height=0.6, color=style.OWN, linewidth=0)
        for place, (_, share) in enumerate(ordered):
            axis.annotate(
                format_share(share), (share * 100, place), (5, 0), textcoords="offset points", va="center_baseline"
            )
        axis.set_yticks(range(len(ordered)), [cause for cause, _ in ordered])
        axis.set_ylim(len(ordered) - 0.4, -0.6)
        axis.set_xlim(0, max([*shares, 1.0]) * 1.15)
        axis.set_xlabel("Frames lost (% of all frames)")
        axis.tick_params(axis="y", length=0, labelcolor=style.INK)
        svg = render_svg(canvas, name, alt=alt)
    data = pl.DataFrame(ordered, schema={"cause": pl.String, "share_of_frames": pl.Float64}, orient="row")
    return Figure(name, title, svg, alt, data)


def _describe_shares(rows: pl.DataFrame, grades: list[int]) -> str:
    counts = ", ".join(f"{rows.filter(pl.col('grade') == g).height} of grade {style.GRADE_NAMES[g]}" for g in grades)
    known = rows["share_valid"].drop_nulls().sort()
    spread = ""
    if len(known):
        spread = (
            f" Share of valid frames: median {format_share(float(known.median()))}, "  # type: ignore[arg-type]
            f"from {format_share(known[0])} to {format_share(known[-1])}."
        )
    return f"{count_noun(rows.height, 'recording')}: {counts}.{spread}"
