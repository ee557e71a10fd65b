"""Measuring."""

from bad_input.case import Case
from bad_input.inputs import all_of, edited_study, made_once, nothing, openface, run, study, table, text_file

CODED = made_once(
    study(),
    openface("P01.csv", n_frames=300),
    table("events.csv", "recording,onset,duration,emotion", "P01,3,4,joy"),
    run("import openface P01.csv --study study --events events.csv"),
)

CASES = (
    Case(
        "no-study",
        "A folder that is no study.",
        nothing,
        "measure study",
        """
        error: study: this is not a study folder: it has no study.yaml
          do: mimicrylab new study --template minimal
        """,
    ),
    Case(
        "no-data",
        "A study without data.",
        study(),
        "measure study",
        """
        error: study: the study has no table 'recordings' yet
          do: mimicrylab import recordings
        """,
    ),
    Case(
        "no-events",
        "Coded recordings, but nobody said what was shown when.",
        all_of(study(), openface("P01.csv"), run("import openface P01.csv --study study")),
        "measure study",
        """
        error: study: the study has no table 'events' yet
          do: mimicrylab import recordings FILES --events TABLE
        """,
    ),
    Case(
        "coder",
        "A coder whose frames are not there.",
        CODED,
        "measure study --coder openfase",
        """
        error: study/frames: no recording of this study has frames of the coder 'openfase'
          found: frames of openface
          do: --coder openface
        """,
    ),
    Case(
        "unknown-measure",
        "A measure that does not exist.",
        all_of(CODED, edited_study("measure: mean", "measure: meen")),
        "measure study",
        """
        error: unknown measure 'meen' (did you mean 'mean'?)
          expected: one of bins, congruence, latency, mean, peak, peak_of_means, percentile_95, presence, responders, selectivity, z
        """,
    ),
    Case(
        "unknown-signal",
        "A signal that the coder does not have.",
        all_of(CODED, edited_study("measure: mean", "measure: mean\n    signals: [AU13]")),
        "measure study",
        """
        error: unknown signal of the coder 'openface': 'AU13' (did you mean 'AU23'?)
          expected: one of [...]AU12_r[...]
          do: mimicrylab coders  lists what each coder measures
        """,
    ),
    Case(
        "composite",
        "A composite of which the coder does not measure a unit.",
        all_of(CODED, edited_study("measure: mean", "measure: mean\n    signals: [emotion:contempt]")),
        "measure study",
        """
        error: the composite 'contempt[AU14 one-sided]' cannot be computed: AU14L and AU14R are not measured
          do: leave it out, or use another coder
        """,
    ),
    Case(
        "level",
        "Responders without a level.",
        all_of(
            CODED,
            edited_study(
                "measure: presence\n    window: response\n    baseline: {method: none}",
                "measure: responders\n    of: peak\n    window: response",
            ),
        ),
        "measure study",
        """
        error: measures in study.yaml: the measure 'responders' needs a level
          expected: a value in the signal's unit that counts as a response
          do: add  level: 50  (Kovalchuk et al. (2022) took 50 of 100)
        """,
    ),
    Case(
        "damaged-frames",
        "A table of frames that has been damaged.",
        all_of(CODED, text_file("study/frames/openface/P01.parquet", "no parquet")),
        "measure study",
        """
        error: study/frames/openface/P01.parquet: these frames cannot be read
          do: delete the file and code the recording again
        """,
    ),
    Case(
        "damaged-events",
        "A table of events that has been damaged.",
        all_of(CODED, text_file("study/events.parquet", "no parquet")),
        "measure study",
        """
        error: study/events.parquet: this is not a readable Parquet file
          found: parquet: File out of specification: A Parquet file must contain a header and footer with at least 12 bytes
          do: if a step of mimicrylab made it, delete it and give the step again; else put back a copy
        """,
    ),
)
