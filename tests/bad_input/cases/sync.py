"""A camera and a log on one clock."""

from pathlib import Path

from bad_input.case import Case
from bad_input.inputs import all_of, made_once, nothing, study, table, text_file, video
from made_marks import make_flash_video

FLASHES = (1.0, 3.1, 4.4)


def _film(folder: Path) -> None:
    make_flash_video(folder / "P01.mp4", FLASHES, duration_s=6)


FILM = made_once(_film)
LOG = table("log.csv", "onset,what", "0.5,flash", "2.6,flash", "3.9,flash")
REGION = "--region 4,4,8,8"

CASES = (
    Case(
        "no-log",
        "A recording without a log.",
        FILM,
        "sync P01.mp4",
        """
        Usage: mimicrylab sync [OPTIONS] [video]
        Try 'mimicrylab sync -h' for help.

        Error: Invalid value: give a recording with --log TABLE, or --study FOLDER --recording ID
        """,
        exit_code=2,
    ),
    Case(
        "no-video",
        "A recording that does not exist.",
        LOG,
        "sync P01.mp4 --log log.csv",
        """
        error: P01.mp4: there is no such video
        """,
    ),
    Case(
        "no-such-column",
        "A log without the column that was named.",
        all_of(FILM, LOG),
        "sync P01.mp4 --log log.csv --column flash_time",
        """
        error: log.csv: no line of the file is a header of this program
          expected: columns flash_time
        """,
    ),
    Case(
        "no-such-line",
        "No line of the log has the cell that was asked for.",
        all_of(FILM, LOG),
        "sync P01.mp4 --log log.csv --where what=beep",
        """
        error: log.csv: no line of the log has the cells wanted
          expected: what=beep
        """,
    ),
    Case(
        "not-a-time",
        "A time of the log that is no number.",
        all_of(FILM, table("log.csv", "onset,what", "0.5,flash", "soon,flash")),
        "sync P01.mp4 --log log.csv",
        """
        error: log.csv: onset: 1 time of the log is no number
        """,
    ),
    Case(
        "no-flash",
        "A picture in which nothing flashes.",
        all_of(video("P01.mp4"), LOG),
        "sync P01.mp4 --log log.csv --region 50,40,4,4",
        """
        error: nothing stands out that could be a mark
          expected: a rise of at least 6 times the noise
          found: [...] grey level above the usual, noise [...]
          do: set --region around the light, --frequency of the beep, or --threshold
        """,
    ),
    Case(
        "region-outside",
        "A region that lies outside the picture.",
        all_of(FILM, LOG),
        "sync P01.mp4 --log log.csv --region 600,20,30,30",
        """
        error: --region: the region lies outside the picture
          expected: within 48 x 32 pixels
          found: 600,20,30,30
        """,
    ),
    Case(
        "no-sound",
        "A beep is looked for in a recording without sound.",
        all_of(FILM, LOG),
        "sync P01.mp4 --log log.csv --by sound",
        """
        error: P01.mp4: the file has no sound
          expected: a sound track
        """,
    ),
    Case(
        "another-log",
        "A log of another recording: nothing meets.",
        all_of(FILM, table("log.csv", "onset,what", "0.5,flash", "20.1,flash", "57.3,flash", "90,flash", "130,flash")),
        f"sync P01.mp4 --log log.csv {REGION}",
        """
        error: the marks in the recording and the times of the log do not meet anywhere
          expected: at least 3 that lie as far apart in both
          found: 3 marks seen, 5 times in the log, 1 match at best
          do: look at the picture (--picture FILE): set --threshold or --region; or the log is another recording's
        """,
    ),
    Case(
        "regular-marks",
        "Marks at equal distances, one of them missed: several offsets fit.",
        all_of(
            lambda folder: make_flash_video(folder / "P01.mp4", (1.0, 2.0, 3.0, 4.0), duration_s=6),
            table("log.csv", "onset,what", *(f"{k},flash" for k in range(6))),
        ),
        f"sync P01.mp4 --log log.csv {REGION}",
        """
        error: the marks fit the log at several offsets about equally well
          expected: marks at unequal distances, or --near SECONDS with about the offset
          found: 4 matches at [...] s and 4 at [...] s
          do: say about where it is: --near SECONDS --within SECONDS
        """,
    ),
    Case(
        "trigger-without-column",
        "A trigger without its column.",
        all_of(FILM, LOG, text_file("ttl.csv", "time,ttl\n0,0\n1,5\n2,0\n")),
        "sync P01.mp4 --log log.csv --by trigger --trigger ttl.csv",
        """
        error: a trigger needs its file and its column
          do: --trigger FILE --trigger-column NAME
        """,
    ),
    Case(
        "unknown-recording",
        "A recording that the study does not have.",
        study(),
        "sync --study study --recording P07",
        """
        error: study: unknown recording 'P07'
          expected: a recording (there is none yet)
        """,
    ),
    Case(
        "no-study",
        "A folder that is no study.",
        nothing,
        "sync --study nowhere --recording P01",
        """
        error: nowhere: this is not a study folder: it has no study.yaml
          do: mimicrylab new nowhere --template minimal
        """,
    ),
)
