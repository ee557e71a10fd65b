"""Videos that cannot be coded, and command lines that make no sense."""

from bad_input.case import Case
from bad_input.inputs import all_of, nothing, text_file

TEXT = text_file("videos/P01.mp4", "Dear participant\n")
EMPTY = text_file("videos/P02.mp4")

CASES = (
    Case(
        "no-such-file",
        "A path that does not exist.",
        nothing,
        "code videos --out frames",
        """
        error: videos: there is no such file or folder
        """,
    ),
    Case(
        "no-video",
        "A folder without a video.",
        text_file("videos/notes.txt", "notes"),
        "code videos --out frames",
        """
        error: videos: the folder holds no file that could be a recording
          expected: files that end in .3gp, .avi, .flv, .m2ts, .m4v, .mkv, .mov, .mp4, .mpeg, .mpg, .mts, .ogv, .ts, .webm, .wmv
          do: name the files themselves if they have another ending
        """,
    ),
    Case(
        "broken-videos",
        "A text file called .mp4 and an empty file, in a folder with a document.",
        all_of(TEXT, EMPTY, text_file("videos/list.docx", "x")),
        "code videos --out frames",
        """
        coded with landmarker: nothing
        not taken for videos: videos/list.docx
        failed: P01: this cannot be read as a video; found text; if a recording was cut off before it was finished, try to repair it with the program that made it
        failed: P02: the file is empty
        """,
    ),
    Case(
        "collision",
        "Two files that would get the same recording id.",
        all_of(text_file("videos/1.mp4", "x"), text_file("videos/1.webm", "x")),
        "code videos --out frames",
        """
        error: two files would get the recording id '1'
          found: videos/1.mp4 and videos/1.webm
          do: rename one of them, or name the folder above them so that the ids keep their folders
        """,
    ),
    Case(
        "collision-of-case",
        "Two files whose names differ in upper and lower case only, which other computers take for the same.",
        all_of(text_file("videos/P01.mp4", "x"), text_file("videos/p01.mov", "x")),
        "code videos --out frames",
        """
        error: two files would get the recording id 'p01'
          found: videos/P01.mp4 and videos/p01.mov
          do: rename one of them, or name the folder above them so that the ids keep their folders
        """,
    ),
    Case(
        "unknown-coder",
        "A coder that is not installed.",
        TEXT,
        "code videos --out frames --coder landmaker",
        """
        error: unknown coder 'landmaker' (did you mean 'landmarker'?)
          expected: one of [...]landmarker[...]
        """,
    ),
    Case(
        "impossible-part",
        "A part that is not among the parts.",
        TEXT,
        "code videos --out frames --shard 3/2",
        """
        error: --shard: this is no part of a whole
          expected: i/n, such as 1/4 to 4/4
          found: 3/2
        """,
    ),
    Case(
        "results-into-a-file",
        "The folder for the results is a file.",
        TEXT,
        "code videos --out videos/P01.mp4",
        """
        error: videos/P01.mp4: the results need a folder, and this is a file
        """,
    ),
    Case(
        "no-study",
        "A folder that is no study.",
        TEXT,
        "code --study videos",
        """
        error: videos: this is not a study folder: it has no study.yaml
          do: mimicrylab new videos --template minimal
        """,
    ),
    Case(
        "nowhere-to-write",
        "Neither a folder for the results nor a study is given.",
        TEXT,
        "code videos",
        """
        Usage: mimicrylab code [OPTIONS] [paths]...
        Try 'mimicrylab code -h' for help.

        Error: Invalid value: give videos or folders with --out FOLDER, or --study FOLDER alone
        """,
        exit_code=2,
    ),
)
