"""Contact sheets: drawn traces, cropped pictures, a page that needs no network. The picture is a made-up pattern."""

import numpy as np
import pytest

from mimicrylab.quality.contact_sheet import (
    PICTURE_PX,
    SheetLink,
    Trace,
    TrialPicture,
    crop_face,
    draw_trace,
    render_index,
    render_sheet,
)

TIMES = np.array([-0.5, 0.0, 0.5, 1.0])


def make_picture() -> np.ndarray:
    """Return a black picture of 400 x 300 with a white square from (100, 80) to (180, 160)."""
    pixels = np.zeros((300, 400, 3), dtype=np.uint8)
    pixels[80:160, 100:180] = 255
    return pixels


def decode(jpeg: bytes) -> np.ndarray:
    cv2 = pytest.importorskip("cv2")
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, dtype=np.uint8), cv2.IMREAD_GRAYSCALE))


def test_the_face_is_in_the_middle_with_space_around() -> None:
    crop = decode(crop_face(make_picture(), (100.0, 80.0, 80.0, 80.0)))
    assert crop.shape == (PICTURE_PX, PICTURE_PX)
    edge = round(PICTURE_PX * 0.35 / 1.7)
    assert crop[PICTURE_PX // 2, PICTURE_PX // 2] > 240
    assert crop[PICTURE_PX // 2, edge - 4] < 20
    assert crop[PICTURE_PX // 2, edge + 4] > 240


def test_what_lies_outside_the_picture_is_grey() -> None:
    crop = decode(crop_face(make_picture(), (-20.0, 100.0, 80.0, 80.0)))
    assert abs(int(crop[100, 2]) - 200) < 10


def test_a_trace_marks_onset_and_peak_and_breaks_where_frames_are_lost() -> None:
    trace = Trace("AU12", np.linspace(-1, 1, 9), np.array([0, 1, np.nan, np.nan, 2, 3, 4, np.nan, 5.0]))
    drawn = draw_trace(trace, start_s=-1.0, stop_s=1.0, peak_s=0.5, colour="#000")
    assert drawn.count("<polyline") == 3
    assert 'class="onset" x1="130.0"' in drawn
    assert 'class="peak" x1="195.0"' in drawn


def test_a_trace_without_a_valid_frame_is_empty() -> None:
    drawn = draw_trace(Trace("x", TIMES, np.full(4, np.nan)), start_s=-1, stop_s=1, peak_s=None, colour="#000")
    assert "polyline" not in drawn
    assert "peak" not in drawn


def test_the_page_shows_each_trial_and_needs_no_network() -> None:
    seen = TrialPicture(0, "happiness", "", 0.5, b"jpeg", (Trace("AU12", TIMES, np.arange(4.0)),))
    lost = TrialPicture(1, "anger", "0 % of the frames are valid, 80 % are asked for", None, None, ())
    page = render_sheet("Contact sheet of P<1>", [seen, lost], grade="grade 1", start_s=-1.0, stop_s=2.0)
    assert "P&lt;1&gt;" in page
    assert "data:image/jpeg;base64,anBlZw==" in page
    assert "strongest at 0.50 s" in page
    assert "no picture" in page
    assert "0 % of the frames are valid" in page
    assert "http" not in page
    assert "<script" not in page


def test_the_list_leads_to_the_sheets() -> None:
    page = render_index([SheetLink("P1/visit.html", "P1/visit", "grade 0")])
    assert '<a href="P1/visit.html">P1/visit</a>: grade 0' in page
