"""Coding videos."""

from bad_input.case import Case
from bad_input.inputs import all_of, cut_off, nothing, sound_only, text_file, video

GOOD = video("videos/P01.mp4")
CODE = "code videos --out coded --jobs 1"
CODED = ("coded/P01.parquet",)

CASES = (
    Case(
        "missing-path",
        "A path that does not exist.",
        nothing,
        "code videos --out coded",
        """
        error: videos: there is no such file or folder
        """,
    ),
    Case(
        "no-videos",
        "A folder without videos.",
        text_file("videos/notes.txt", "a text"),
        "code videos --out coded",
        """
        error: videos: the folder holds no file that could be a recording
          expected: files that end in .3gp, .avi, .flv, .m2ts, .m4v, .mkv, .mov, .mp4, .mpeg, .mpg, .mts, .ogv, .ts, .webm, .wmv
          do: name the files themselves if they have another ending
        """,
    ),
    Case(
        "no-out",
        "Files, but no folder for the results.",
        GOOD,
        "code videos",
        """
        Usage: mimicrylab code [OPTIONS] [paths]...
        Try 'mimicrylab code -h' for help.

        Error: Invalid value: give videos or folders with --out FOLDER, or --study FOLDER alone
        """,
        exit_code=2,
    ),
    Case(
        "openface-not-installed",
        "The coder openface where OpenFace is not installed.",
        GOOD,
        "code videos --out coded --coder openface",
        """
        error: --coder: the coder 'openface' cannot run here: OpenFace's program FeatureExtraction was not found: install OpenFace 2 and put its folder into PATH or into MIMICRYLAB_OPENFACE; or mimicrylab import openface FILES --study FOLDER  reads what OpenFace wrote elsewhere
        """,
        environment={"MIMICRYLAB_OPENFACE": "{folder}/nowhere"},
    ),
    Case(
        "pyfeat-not-installed",
        "The coder pyfeat where py-feat is not installed.",
        GOOD,
        "code videos --out coded --coder pyfeat",
        """
        error: --coder: the coder 'pyfeat' cannot run here: py-feat is not installed: pip install py-feat  (it brings torch, some gigabytes); or mimicrylab import pyfeat FILES --study FOLDER  reads what py-feat wrote elsewhere
        """,
    ),
    Case(
        "empty-file",
        "An empty file beside a good video, which is coded.",
        all_of(GOOD, text_file("videos/P02.mp4")),
        CODE,
        """
        coded with landmarker: 1 recording (10 frames, a face in 0), in coded
        failed: P02: the file is empty
        """,
        may_add=CODED,
    ),
    Case(
        "text-file",
        "A text named .mp4 beside a good video, which is coded.",
        all_of(GOOD, text_file("videos/P02.mp4", "a text")),
        CODE,
        """
        coded with landmarker: 1 recording (10 frames, a face in 0), in coded
        failed: P02: this cannot be read as a video; found text; if a recording was cut off before it was finished, try to repair it with the program that made it
        """,
        may_add=CODED,
    ),
    Case(
        "no-picture",
        "A file with sound only beside a good video, which is coded.",
        all_of(GOOD, sound_only("videos/P02.mp4")),
        CODE,
        """
        coded with landmarker: 1 recording (10 frames, a face in 0), in coded
        failed: P02: the file has no video stream; found audio
        """,
        may_add=CODED,
    ),
    Case(
        "mp4-cut-off",
        "An mp4 cut off before its index beside a good video, which is coded.",
        all_of(GOOD, video("videos/P02.mp4", seconds=2), cut_off("videos/P02.mp4", share=0.5)),
        CODE,
        """
        coded with landmarker: 1 recording (10 frames, a face in 0), in coded
        failed: P02: this cannot be read as a video; found an mp4 or mov file whose index is missing or damaged; if a recording was cut off before it was finished, try to repair it with the program that made it
        """,
        may_add=CODED,
    ),
    Case(
        "webm-cut-off",
        "A webm cut off in the middle: coded as far as it goes, and marked incomplete.",
        all_of(video("videos/P01.webm", seconds=2, codec="libvpx"), cut_off("videos/P01.webm", share=0.5)),
        CODE,
        """
        coded with landmarker: 1 recording (20 frames, a face in 0), in coded
        incomplete: P01, from second 0.80 on: the picture ends early: 0.80 of 2.00 s are there; 20 frames are coded
        """,
        exit_code=0,
        may_add=CODED,
    ),
    Case(
        "id-collision",
        "Two files that would be one recording.",
        all_of(GOOD, video("videos/P01.webm", codec="libvpx")),
        CODE,
        """
        error: two files would get the recording id 'P01'
          found: videos/P01.mp4 and videos/P01.webm
          do: rename one of them, or name the folder above them so that the ids keep their folders
        """,
    ),
    Case(
        "shard",
        "A part that does not exist.",
        GOOD,
        f"{CODE} --shard 3/2",
        """
        error: --shard: this is no part of a whole
          expected: i/n, such as 1/4 to 4/4
          found: 3/2
        """,
    ),
    Case(
        "shard-words",
        "A part in another form.",
        GOOD,
        f"{CODE} --shard two",
        """
        error: --shard: this is no part of a whole
          expected: i/n, such as 1/4 to 4/4
          found: two
        """,
    ),
    Case(
        "coder",
        "A coder whose name is misspelt.",
        GOOD,
        f"{CODE} --coder landmarks",
        """
        error: unknown coder 'landmarks' (did you mean 'landmarker'?)
          expected: one of [...]landmarker[...]
        """,
    ),
    Case(
        "no-study",
        "A folder that is no study.",
        nothing,
        "code --study study",
        """
        error: study: this is not a study folder: it has no study.yaml
          do: mimicrylab new study --template minimal
        """,
    ),
    Case(
        "documents",
        "A text called .mp4 in a folder with a document: nothing is left to code.",
        all_of(text_file("videos/P01.mp4", "a text"), text_file("videos/list.docx", "x")),
        CODE,
        """
        coded with landmarker: nothing
        not taken for videos: videos/list.docx
        failed: P01: this cannot be read as a video; found text; if a recording was cut off before it was finished, try to repair it with the program that made it
        """,
    ),
    Case(
        "id-collision-of-case",
        "Two files whose names differ in upper and lower case only, which other computers take for the same.",
        all_of(text_file("videos/P01.mp4", "x"), text_file("videos/p01.mov", "x")),
        CODE,
        """
        error: two files would get the recording id 'p01'
          found: videos/P01.mp4 and videos/p01.mov
          do: rename one of them, or name the folder above them so that the ids keep their folders
        """,
    ),
    Case(
        "out-is-a-file",
        "The folder for the results is a file.",
        GOOD,
        "code videos --out videos/P01.mp4",
        """
        error: videos/P01.mp4: the results need a folder, and this is a file
        """,
    ),
)
