"""Videos of known content and times, whole and damaged."""

from __future__ import annotations

import gc
import pickle
from pathlib import Path

import av
import numpy as np
import pytest

from made_videos import find_bar, make_video
from mimicrylab.coding.video import VideoBreak, VideoFrame, decode_frames, orient_pixels, read_video_facts
from mimicrylab.errors import DamagedFileError, InputError, MissingError

UNEVEN_MS = (0, 33, 100, 101, 300, 900)


def collect(path: Path) -> tuple[list[VideoFrame], VideoBreak | None]:
    """Return the frames before a break, and the break."""
    frames: list[VideoFrame] = []
    iterator = decode_frames(path)
    while True:
        try:
            frames.append(next(iterator))
        except StopIteration:
            return frames, None
        except VideoBreak as error:
            return frames, error


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("h264.mp4", {"codec": "libx264"}),
        ("mpeg4.avi", {}),
        ("vp8.webm", {"codec": "libvpx"}),
        ("vp9.mkv", {"codec": "libvpx-vp9"}),
        ("ten_bit.mp4", {"codec": "libx264", "pixel_format": "yuv420p10le"}),
        ("odd_size.mkv", {"codec": "libx264", "width": 65, "height": 49, "pixel_format": "yuv444p"}),
        ("sound.mp4", {"sound_s": 0.4}),
        ("as_a_browser_writes.webm", {"codec": "libvpx", "live": True}),
        ("late_start.mkv", {"codec": "libx264", "times_ms": tuple(range(500, 900, 40))}),
    ],
)
def test_every_frame_comes_with_its_own_picture_and_time(tmp_path, name, settings):
    frames, broken = collect(make_video(tmp_path / name, **settings))
    assert broken is None
    assert [frame.number for frame in frames] == list(range(10))
    assert [find_bar(frame.pixels) for frame in frames] == list(range(10))
    start = settings.get("times_ms", (0,))[0] / 1000
    np.testing.assert_allclose([frame.time for frame in frames], start + np.arange(10) * 0.04, atol=0.001)
    assert frames[0].pixels.shape == (settings.get("height", 48), settings.get("width", 64), 3)
    assert frames[0].pixels.dtype == np.uint8


@pytest.mark.parametrize(("name", "codec"), [("a.mp4", "libx264"), ("a.webm", "libvpx"), ("a.mkv", "libvpx-vp9")])
def test_uneven_times_are_kept(tmp_path, name, codec):
    frames, broken = collect(make_video(tmp_path / name, codec=codec, times_ms=UNEVEN_MS))
    assert broken is None
    np.testing.assert_allclose([frame.time for frame in frames], np.array(UNEVEN_MS) / 1000, atol=0.001)


@pytest.mark.parametrize(
    ("rotation", "mirrored", "corner"),
    [
        (0, False, (0, 0)),
        (90, False, (-1, 0)),
        (180, False, (-1, -1)),
        (270, False, (0, -1)),
        (0, True, (0, -1)),
        (90, True, (-1, -1)),
    ],
)
def test_the_picture_is_turned_as_the_file_asks(tmp_path, rotation, mirrored, corner):
    """One bright corner, at the top left before turning (counter-clockwise) and mirroring."""
    picture = np.full((48, 64, 3), 40, dtype=np.uint8)
    picture[:16, :16] = 235
    path = make_video(
        tmp_path / "a.mp4", rotation=rotation, mirrored=mirrored, pictures=[picture] * 3, times_ms=(0, 40, 80)
    )
    pixels = collect(path)[0][0].pixels
    assert pixels.shape[:2] == ((64, 48) if rotation % 180 else (48, 64))
    corners = {(y, x): int(pixels[y * 8 + 4 + y, x * 8 + 4 + x, 0]) for y in (0, -1) for x in (0, -1)}
    assert max(corners, key=corners.__getitem__) == corner
    facts = read_video_facts(path)
    assert (facts.height, facts.width) == pixels.shape[:2]
    assert (facts.rotation, facts.mirrored) == (rotation, mirrored)


def test_facts_are_what_the_file_says(tmp_path):
    facts = read_video_facts(make_video(tmp_path / "a.mp4", codec="libx264", sound_s=0.4))
    assert (facts.n_frames, facts.width, facts.height, facts.rotation) == (10, 64, 48, 0)
    assert facts.duration_s == pytest.approx(0.4, abs=0.05)
    assert facts.mean_fps == pytest.approx(25, rel=0.1)
    assert facts.codec == "h264"
    assert facts.has_audio


def test_what_a_browser_does_not_write_is_unknown(tmp_path):
    facts = read_video_facts(make_video(tmp_path / "a.webm", codec="libvpx", live=True))
    assert facts.n_frames is None
    assert facts.duration_s is None
    assert not facts.has_audio


def test_a_file_cut_off_gives_its_frames_then_the_break(tmp_path):
    whole = make_video(tmp_path / "whole.mkv", codec="libx264", times_ms=tuple(range(0, 4000, 40)))
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    frames, broken = collect(cut)
    assert 20 < len(frames) < 80
    assert [frame.number for frame in frames] == list(range(len(frames)))
    assert broken is not None
    assert broken.second == pytest.approx(frames[-1].time + 0.04, abs=0.05)
    assert "of 4.00 s" in broken.reason


def test_an_mp4_that_lacks_frames_is_noticed_by_their_number(tmp_path):
    whole = move_index_to_front(make_video(tmp_path / "a.mp4", codec="libx264", times_ms=tuple(range(0, 2000, 40))))
    size = whole.stat().st_size
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: size - size // 8])
    frames, broken = collect(cut)
    assert 0 < len(frames) < 50
    assert broken is not None
    assert "of 50 frames are there" in broken.reason
    assert broken.second == pytest.approx(frames[-1].time + 0.04, abs=0.001)


def test_an_mp4_without_its_index_says_so(tmp_path):
    whole = make_video(tmp_path / "a.mp4", codec="libx264")
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[:-400])
    with pytest.raises(DamagedFileError, match=r"index is missing or damaged"):
        next(decode_frames(cut))


def test_after_damage_nothing_is_shown_until_a_whole_picture_comes(tmp_path):
    """Packet 12 is overwritten; whole pictures come every 10 frames, so frames 12 to 19 are lost and 20 is good."""
    path = make_video(tmp_path / "a.mkv", codec="libx264", times_ms=tuple(range(0, 1600, 40)), keyframe_every=10)
    overwrite_packet(path, 12)
    frames, broken = collect(path)
    shown = [find_bar(frame.pixels) for frame in frames if frame.number < 12]
    assert shown == list(range(12))
    times = {round(frame.time, 2) for frame in frames}
    assert times == {round(0.04 * number, 2) for number in (*range(12), *range(20, 40))}
    assert [frame.number for frame in frames] == list(range(32))
    assert broken is not None
    assert broken.second == pytest.approx(0.48, abs=0.001)
    assert "8 frames lost" in broken.reason


def test_sound_that_goes_on_marks_the_picture_as_cut(tmp_path):
    frames, broken = collect(drop_tags(make_video(tmp_path / "a.webm", codec="libvpx", sound_s=3.0)))
    assert len(frames) == 10
    assert broken is not None
    assert "0.40 of 3.0" in broken.reason


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.mp4", b"", "the file is empty"),
        ("text.mp4", b"time,value\n" * 200, "found: text"),
        ("noise.mp4", bytes(range(256)) * 20, "5120 bytes of something else"),
    ],
)
def test_what_is_no_video_is_said_in_words(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    for read in (read_video_facts, lambda each: next(decode_frames(each))):
        with pytest.raises(DamagedFileError, match=said):
            read(path)


def test_sound_alone_is_no_video(tmp_path):
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=48000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), dtype=np.float32), format="fltp", layout="mono")
        frame.sample_rate, frame.pts = 48000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(DamagedFileError, match=r"(?s)no video stream.*found: audio"):
        next(decode_frames(path))


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    with pytest.raises(MissingError):
        next(decode_frames(tmp_path / "none.mp4"))
    with pytest.raises(InputError, match="folder"):
        next(decode_frames(tmp_path))


def test_a_break_survives_the_way_between_processes():
    error = pickle.loads(pickle.dumps(VideoBreak("cut", 2.5, where="a.mp4")))
    assert (error.reason, error.second, error.where) == ("cut", 2.5, "a.mp4")
    assert "second 2.50" in str(error)


def test_a_stream_without_times_is_timed_by_its_rate(tmp_path):
    frames, broken = collect(make_video(tmp_path / "raw.h264", codec="libx264"))
    assert broken is None
    np.testing.assert_allclose([frame.time for frame in frames], np.arange(10) * 0.04, atol=0.001)


def test_shown_frames_do_not_pile_up(tmp_path):
    """Without the garbage collector, as between two of its rounds: a long recording must not fill the memory."""
    path = make_video(tmp_path / "a.mp4", codec="libx264", rotation=90, times_ms=tuple(range(0, 2400, 40)))
    gc.collect()
    gc.disable()
    try:
        before = count_av_frames()
        for _ in decode_frames(path):
            pass
        assert count_av_frames() <= before + 2
    finally:
        gc.enable()


def test_turning_back_gives_the_picture_again():
    picture = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    turned = orient_pixels(picture, (0, -1, 1, 0))
    np.testing.assert_array_equal(turned, np.rot90(picture))
    np.testing.assert_array_equal(orient_pixels(turned, (0, 1, -1, 0)), picture)


def count_av_frames() -> int:
    return sum(isinstance(each, av.VideoFrame) for each in gc.get_objects())


def overwrite_packet(path: Path, number: int) -> None:
    """Fill the middle of one packet with ones, as a failing disk might."""
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(video=0) if packet.size]
        content = bytes(packets[number])
    data = path.read_bytes()
    start = data.index(content)
    middle = start + 6
    path.write_bytes(data[:middle] + b"\xff" * (len(content) - 6) + data[start + len(content) :])


def move_index_to_front(path: Path) -> Path:
    """Copy an mp4 with its index before the pictures, so that a cut-off file can still be opened."""
    target = path.with_name("front_" + path.name)
    with av.open(str(path)) as source, av.open(str(target), "w", options={"movflags": "faststart"}) as container:
        stream = container.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.size:
                packet.stream = stream
                container.mux(packet)
    return target


def drop_tags(path: Path) -> Path:
    """Overwrite the tags with the lengths of the single streams, which not every program writes."""
    path.write_bytes(path.read_bytes().replace(b"DURATION", b"NOTHINGS"))
    return path
