"""Importing recordings, OpenFace's frames, events and participants."""

from bad_input.case import Case
from bad_input.inputs import all_of, cut_off, openface, run, study, table, text_file, video
from made_exports import format_facet, make_facet_row
from made_logs import PSYCHOPY

EVENTS = ("recording,onset,duration,emotion", "P01,0.5,0.5,joy", "P01,1.2,0.5,anger")
ONE_VIDEO = all_of(study(), video("videos/P01.mp4", seconds=2))
ONE_CODED = all_of(study(), openface("P01.csv"))
FACET = text_file("P01.txt", format_facet([make_facet_row(k) for k in range(50)]))
LOG = text_file("X77.csv", PSYCHOPY.replace("P01", "X77"))
TWO_ONSETS = text_file("P01.csv", PSYCHOPY.replace("fixation.", "stim_frame."))
CODED_STUDY = all_of(study(), openface("P09.csv"), run("import openface P09.csv --study study"))
TWICE = "import openface P01.csv --study study"

CASES = (
    Case(
        "no-study",
        "A folder that is no study.",
        openface("P01.csv"),
        "import openface P01.csv --study study",
        """
        error: study: this is not a study folder: it has no study.yaml
          do: mimicrylab new study --template minimal
        """,
    ),
    Case(
        "missing-file",
        "A file that does not exist.",
        study(),
        "import openface P01.csv --study study",
        """
        error: P01.csv: there is no such file or folder
        """,
    ),
    Case(
        "empty-file",
        "An empty file.",
        all_of(study(), text_file("P01.csv")),
        "import openface P01.csv --study study",
        """
        error: P01.csv: the file is empty
          expected: a CSV that OpenFace 2.x wrote
        """,
    ),
    Case(
        "not-openface",
        "A CSV of another program, beside a good one: nothing is imported.",
        all_of(ONE_CODED, table("P02.csv", "FrameNo,Joy,Anger", "1,0.5,0.1")),
        "import openface P01.csv P02.csv --study study",
        """
        error: P02.csv: this is not a CSV that OpenFace 2.x wrote
          expected: columns success or confidence, and action units (AU12_r), head pose (pose_Rx) or gaze (gaze_0_x)
          found: 3 columns that are not these
        """,
    ),
    Case(
        "semicolons",
        "A file that a spreadsheet has saved again, with semicolons.",
        all_of(study(), openface("P01.csv", change=lambda text: text.replace(", ", ";"))),
        "import openface P01.csv --study study",
        """
        error: P01.csv: the columns are separated by semicolons
          expected: commas, as OpenFace writes them
          do: use the file as OpenFace wrote it; a spreadsheet may have changed its numbers as well
        """,
    ),
    Case(
        "damaged-cells",
        "A file in which one cell in four is no number.",
        all_of(study(), openface("P01.csv", change=lambda text: text.replace(" 0.00", " o.oo"))),
        "import openface P01.csv --study study",
        """
        error: P01.csv: too many cells are no number or out of range
          expected: at most 10%
          found: 2655 of 10856
          do: use the file as OpenFace wrote it, or run OpenFace again
        """,
    ),
    Case(
        "two-runs-in-one-file",
        "Two runs of OpenFace written into one file.",
        all_of(
            study(), openface("P01.csv", change=lambda text: text + text.partition("\n")[2].replace(", 1, ", ", 0, "))
        ),
        "import openface P01.csv --study study",
        """
        error: P01.csv: a frame comes twice with different values
          found: frame 0 (counted from 0) of face 0; 60 such frames in all
          do: if two runs were written into one file, import each from a file of its own
        """,
    ),
    Case(
        "no-times",
        "A file whose timestamps are all the same.",
        all_of(study(), table("P01.csv", "frame,timestamp,success,AU12_r", "1,0,1,0.5", "2,0,1,0.6")),
        "import openface P01.csv --study study",
        """
        error: P01.csv: times do not increase from frame to frame
          found: frame 1 (counted from 0); 1 such frame in all
          do: state the frame rate with --fps if the file's timestamps cannot be trusted
        """,
    ),
    Case(
        "frame-rate",
        "A frame rate that is none.",
        ONE_CODED,
        "import openface P01.csv --study study --fps 0",
        """
        error: this is no frame rate
          expected: frames a second, above 0
          found: 0
        """,
    ),
    Case(
        "other-frames",
        "Other frames of a recording that the study has.",
        all_of(ONE_CODED, run(TWICE), openface("P01.csv", n_frames=50)),
        "import openface P01.csv --study study",
        """
        error: P01: the study has other openface frames of a recording
          expected: the same file read with the same options
          do: add --replace if the new ones are right
        """,
    ),
    Case(
        "unreadable-video",
        "A text named .mp4, an empty file and an mp4 cut off in the middle, beside a good video: nothing is imported.",
        all_of(
            ONE_VIDEO,
            text_file("videos/P02.mp4", "a text"),
            text_file("videos/P03.mp4"),
            video("videos/P04.mp4"),
            cut_off("videos/P04.mp4", share=0.5),
        ),
        "import recordings videos --study study",
        """
        error: 3 of 4 files cannot be read as videos
          videos/P02.mp4: this cannot be read as a video (text)
          videos/P03.mp4: the file is empty
          videos/P04.mp4: the file has no video stream (nothing that can be played)
          do: put them right or leave them out; --keep-unreadable registers them as lost recordings
        """,
    ),
    Case(
        "id-collision",
        "Two files that would be one recording.",
        all_of(ONE_VIDEO, video("videos/P01.webm", codec="libvpx")),
        "import recordings videos --study study",
        """
        error: two files would get the recording id 'P01'
          found: videos/P01.mp4 and videos/P01.webm
          do: rename one of them, or name the folder above them so that the ids keep their folders
        """,
    ),
    Case(
        "other-video",
        "Another video under the name of one that the study has.",
        all_of(ONE_VIDEO, run("import recordings videos --study study"), video("videos/P01.mp4", seconds=1)),
        "import recordings videos --study study",
        """
        error: the study has another recording with the id 'P01'
          expected: the same file, or an id that is not in use
          found: a file with another content
          do: rename the file, or add --replace if it is to take the other's place
        """,
    ),
    Case(
        "folders",
        "Videos in folders, which may be participants or something else.",
        all_of(study(), video("videos/P01/before.mp4"), video("videos/P01/after.mp4")),
        "import recordings videos --study study",
        """
        error: the recordings lie in folders, so their names do not tell whose they are
          found: P01/after, P01/before
          do: state which part is the participant: --participant-pattern '(?P<participant>[^/]+)/' for the first folder, '(?P<participant>[^/]+)$' for the file; or give a table with --participants
        """,
    ),
    Case(
        "participant-pattern",
        "A pattern that does not fit a name.",
        all_of(study(), video("videos/P01.mp4"), video("videos/test.mp4")),
        "import recordings videos --study study --participant-pattern '(P[0-9]+)'",
        """
        error: the participant pattern does not fit a recording
          expected: a match of '(P[0-9]+)' with something in its group
          found: test
        """,
    ),
    Case(
        "events-missing",
        "A table of events that does not exist.",
        ONE_VIDEO,
        "import recordings videos --study study --events events.csv",
        """
        error: events.csv: there is no such table
        """,
    ),
    Case(
        "events-spreadsheet",
        "A table of events that is a spreadsheet.",
        all_of(ONE_VIDEO, text_file("events.xlsx", "PK\x03\x04")),
        "import recordings videos --study study --events events.xlsx",
        """
        error: events.xlsx: this is a spreadsheet, not a text table
          do: save it as 'CSV UTF-8' in that program
        """,
    ),
    Case(
        "events-column",
        "A table of events in which the onset has another name.",
        all_of(ONE_VIDEO, table("events.csv", "recording,onset_ms,emotion", "P01,500,joy")),
        "import recordings videos --study study --events events.csv",
        """
        error: events.csv:1: the column 'onset' is missing (did you mean 'onset_ms'?)
          found: the columns recording, onset_ms, emotion
          do: name it so, or state which one it is: --column onset=NAME
        """,
    ),
    Case(
        "events-cells",
        "A table of events with wrong cells.",
        all_of(ONE_VIDEO, table("events.csv", EVENTS[0], "P01,half,0.5,joy", "P01,1.2,0.5,hapiness", "P01,,0.5,fear")),
        "import recordings videos --study study --events events.csv",
        """
        error: 3 mistakes in events.csv
          events.csv:2: onset: 'half' is not a number; leave it empty if it is not known
          events.csv:3: unknown emotion 'hapiness' (did you mean 'happiness'?); expected one of anger, contempt, disgust, fear, happiness, neutral, sadness, surprise; say what it stands for: --emotion hapiness=EMOTION
          events.csv:4: the onset is missing
        """,
    ),
    Case(
        "events-milliseconds",
        "Onsets in milliseconds that are taken for seconds.",
        all_of(ONE_VIDEO, table("events.csv", EVENTS[0], "P01,500,500,joy", "P01,1200,500,anger")),
        "import recordings videos --study study --events events.csv",
        """
        error: events.csv:2: the onsets lie beyond the end of the recordings and look like milliseconds
          found: 2 of 2 events; the first at 500 s in a recording of 2 s
          do: add --time-unit ms if that is what they are
        """,
    ),
    Case(
        "events-time-unit",
        "A unit of time that does not exist.",
        all_of(ONE_VIDEO, table("events.csv", *EVENTS)),
        "import recordings videos --study study --events events.csv --time-unit sec",
        """
        error: unknown time unit 'sec'
          expected: one of ms, s
        """,
    ),
    Case(
        "events-early",
        "Onsets before the recording starts.",
        all_of(ONE_VIDEO, table("events.csv", *EVENTS)),
        "import recordings videos --study study --events events.csv --offset-s=-0.8",
        """
        error: events.csv:2: 1 event before the start of the recording
          found: -0.3 s
          do: state the offset: --offset-s is the recording's time when the table's clock shows 0
        """,
    ),
    Case(
        "events-overlap",
        "Two stimuli at the same time.",
        all_of(ONE_VIDEO, table("events.csv", EVENTS[0], "P01,0.5,1.0,joy", "P01,1.2,0.5,anger")),
        "import recordings videos --study study --events events.csv",
        """
        error: events.csv:2: 1 stimulus overlaps the next one
          found: it lasts until 1.5 s, the next begins at 1.2 s
          do: correct onset or duration; leave the duration empty if it is not known
        """,
    ),
    Case(
        "events-recording",
        "Events of a recording that the study does not have.",
        all_of(ONE_VIDEO, table("events.csv", *EVENTS, "P1,0.5,0.5,joy")),
        "import recordings videos --study study --events events.csv",
        """
        error: events.csv:4: 1 event of recordings that the study does not have
          found: 'P1' (did you mean 'P01'?)
          do: import these recordings too, or correct their names (an id or a file's name, if only one has it); --missing-recordings passes their events over
        """,
    ),
    Case(
        "events-stimulus",
        "A stimulus that is not in the study's list.",
        all_of(ONE_VIDEO, table("events.csv", "recording,onset,stimulus", "P01,0.5,happiness_F2")),
        "import recordings videos --study study --events events.csv",
        """
        error: events.csv:2: unknown stimulus 'happiness_F2' (did you mean 'happiness_F1'?)
          expected: one of anger_F1, anger_M1, happiness_F1, happiness_M1, neutral_F1, neutral_M1
          do: add it to the study's stimuli
        """,
    ),
    Case(
        "events-block",
        "A block that is not in study.yaml.",
        all_of(ONE_VIDEO, table("events.csv", "recording,onset,emotion,block", "P01,0.5,joy,face")),
        "import recordings videos --study study --events events.csv",
        """
        error: events.csv:2: unknown block 'face' (did you mean 'faces'?)
          expected: one of faces
        """,
    ),
    Case(
        "events-twice",
        "Other events of a recording that has events.",
        all_of(
            ONE_VIDEO,
            table("events.csv", *EVENTS),
            run("import recordings videos --study study --events events.csv"),
            table("events.csv", *EVENTS[:2]),
        ),
        "import events events.csv --study study",
        """
        error: events: the study has other events of these recordings
          found: 2 stored events of 1 recording
          do: add --replace if the new ones are right
        """,
    ),
    Case(
        "pair",
        "A column that is not stated as NAME=VALUE.",
        all_of(ONE_VIDEO, table("events.csv", *EVENTS)),
        "import recordings videos --study study --events events.csv --column onset",
        """
        Usage: mimicrylab import recordings [OPTIONS] {files}...
        Try 'mimicrylab import recordings -h' for help.

        Error: Invalid value for --column: 'onset' is not of the form NAME=VALUE
        """,
        exit_code=2,
    ),
    Case(
        "participants-names",
        "A table of participants with their names.",
        all_of(study(), table("people.csv", "participant,name,age", "P01,Somebody,30")),
        "import participants people.csv --study study",
        """
        error: people.csv:1: the column 'name' says who a participant is
          expected: a code for each participant and what the analysis needs
          do: leave the column out; keep the list of names elsewhere
        """,
    ),
    Case(
        "participants-arms",
        "A table of participants that tells the treatment.",
        all_of(study(), table("people.csv", "participant,treatment", "P01,oxytocin")),
        "import participants people.csv --study study",
        """
        error: people.csv:1: the column 'treatment' tells the treatment, which would unblind the study
          expected: a column kit with the number of each participant's kit
          do: keep the list of kits and arms apart until mimicrylab unblind
        """,
    ),
    Case(
        "participants-disagree",
        "A participant with two ages.",
        all_of(study(), table("people.csv", "participant,age", "P01,30", "P01,31")),
        "import participants people.csv --study study",
        """
        error: people.csv: a participant's rows do not agree
          found: different values of age for one participant
          do: correct them; what changes from recording to recording is no property of the participant
        """,
    ),
    Case(
        "participants-encoding",
        "A table that was saved in an old encoding.",
        all_of(
            study(),
            lambda folder: (folder / "people.csv").write_bytes("participant,sex\nP01,weiblich ü\n".encode("cp1252")),
        ),
        "import participants people.csv --study study",
        """
        error: people.csv:2: the table is not in UTF-8
          do: save it as 'CSV UTF-8' in the spreadsheet program
        """,
    ),
    Case(
        "program",
        "A program for which there is no reader.",
        ONE_CODED,
        "import frames P01.csv --program openfase --study study",
        """
        error: unknown reader 'openfase' (did you mean 'openface'?)
          expected: one of affdex, [...]
        """,
    ),
    Case(
        "reader-option",
        "An option that a reader does not have.",
        ONE_CODED,
        "import frames P01.csv --program openface --option landmark=true --study study",
        """
        error: unknown option of the reader 'openface': 'landmark' (did you mean 'landmarks'?)
          expected: one of frames_per_second, landmarks
        """,
    ),
    Case(
        "auto-unknown",
        "A file that no reader knows.",
        all_of(study(), table("P01.csv", "a,b", "1,2")),
        "import auto P01.csv --study study",
        """
        error: P01.csv: no reader knows this file
          expected: a file of one of affdex, [...]
          do: name its program to learn what is wrong: mimicrylab import PROGRAM FILE
        """,
    ),
    Case(
        "auto-ambiguous-folder",
        "A folder of files that no reader knows.",
        all_of(study(), table("data/P01.csv", "a,b", "1,2"), text_file("data/letter.txt", "Dear colleague\n")),
        "import auto data --study study",
        """
        error: data: no file is of a program that is known
          found: P01.csv: no reader knows this file; letter.txt: no reader knows this file
          do: name the program: mimicrylab import PROGRAM FILES
        """,
    ),
    Case(
        "facet-not",
        "A file that is no export of FACET.",
        all_of(study(), openface("P01.csv")),
        "import facet P01.csv --study study",
        """
        error: P01.csv: no line of the file is a header of this program
          expected: columns Timestamp, 'AU12 Evidence' or 'Joy Evidence', as iMotions writes them for Emotient FACET
        """,
    ),
    Case(
        "facet-cut-off",
        "An export of which only the lines above the table arrived.",
        all_of(study(), FACET, cut_off("P01.txt", share=0.004)),
        "import facet P01.txt --study study",
        """
        error: P01.txt: no line of the file is a header of this program
          expected: columns Timestamp, 'AU12 Evidence' or 'Joy Evidence', as iMotions writes them for Emotient FACET
        """,
    ),
    Case(
        "facet-no-rows",
        "An export without a row of the face.",
        all_of(study(), text_file("P01.txt", "EventSource\tTimestamp\tAU12 Evidence\nET\t1\t\n")),
        "import facet P01.txt --study study",
        """
        error: P01.txt: the export has no row of FACET
        """,
    ),
    Case(
        "pyfeat-no-times",
        "A file without times, and no frame rate stated.",
        all_of(study(), table("P01.csv", "frame,FaceScore,AU12", "0,0.9,0.5", "1,0.9,0.5")),
        "import pyfeat P01.csv --study study",
        """
        error: P01.csv: the file does not say when its frames were taken
          do: state the frame rate: --fps 30
        """,
    ),
    Case(
        "openface3-as-openface2",
        "Columns that number action units instead of naming them.",
        all_of(
            study(),
            table("P01.csv", "frame,timestamp,success,confidence,AU01_r,AU02_r,AU03_r,AU08_r", "1,0,1,0.9,0,0,0,0"),
        ),
        "import openface P01.csv --study study",
        """
        error: P01.csv: this CSV numbers its action units from 1 to 8, as programs around OpenFace 3 do: they are not the units that these names mean
          do: mimicrylab import openface3
        """,
    ),
    Case(
        "emg-no-unit",
        "A text of muscles whose unit is not known.",
        all_of(study(), table("P01.txt", "time_s\tzyg", *(f"{k / 100}\t{k % 3}" for k in range(100)))),
        "import emg P01.txt --study study",
        """
        error: P01.txt: the unit of 'zyg' is not known
          do: state it: --option unit=uV (or mV, V, arbitrary)
        """,
    ),
    Case(
        "emg-no-rate",
        "A text of muscles without times.",
        all_of(study(), table("P01.txt", "zyg\tcorr", "1\t2", "2\t3")),
        "import emg P01.txt --study study --option unit=uV",
        """
        error: P01.txt: the file does not say how many samples a second it has
          do: state it: --option rate_hz=1000
        """,
    ),
    Case(
        "emg-no-muscle",
        "A recording whose channels are called by number.",
        all_of(study(), table("P01.txt", "CH1\tCH2", "1\t2", "2\t3")),
        "import emg P01.txt --study study",
        """
        error: P01.txt: no line of the file is a header of this program
          expected: a line with names of muscles (zygomaticus, corrugator ...), or --option muscles=CH1:zygomaticus
        """,
    ),
    Case(
        "emg-damaged",
        "A file that only claims to be an EDF.",
        all_of(study(), text_file("P01.edf", "0       " + "x" * 300)),
        "import emg P01.edf --study study",
        """
        error: P01.edf: the recording cannot be read
          found: [...]
          do: use the file as the amplifier's program wrote it; BrainVision needs .vhdr, .vmrk and .eeg together
        """,
    ),
    Case(
        "emg-band",
        "A filter that cannot be.",
        study(),
        "import emg P01.edf --study study --option highpass_hz=500",
        """
        error: highpass_hz must lie below lowpass_hz
          found: 500 and 400
        """,
    ),
    Case(
        "facs-no-code",
        "A table without a FACS code.",
        all_of(study(), table("P01.csv", "onset,offset,code", "1,2,smile")),
        "import facs P01.csv --study study",
        """
        error: P01.csv: the file holds no FACS code
          expected: codes such as 12, AU12C or 6+12, or tiers called so
        """,
    ),
    Case(
        "rule-mistake",
        "A rule for trials with a word that it does not know.",
        ONE_CODED,
        "import openface P01.csv --study study --trials 'first=1 each=2 emotions=joy'",
        """
        error: unknown part of a rule for trials: 'each'
          expected: one of duration, emotions, every, first, trials
        """,
    ),
    Case(
        "rule-no-room",
        "A rule for trials that a recording has no room for.",
        ONE_CODED,
        "import openface P01.csv --study study --trials 'first=10 every=2 emotions=joy'",
        """
        error: P01: the rule leaves no trial in a recording
          found: first=10 every=2 in 2 s
        """,
    ),
    Case(
        "shown-unknown",
        "A name of what was shown that is said to be a stimulus that the study does not have.",
        all_of(study(), FACET),
        "import facet P01.txt --study study --stimulus smile.mp4=happines_F1",
        """
        error: unknown stimulus or kind of step 'happines_F1' (did you mean 'happiness_F1'?)
          expected: one of anger_F1, anger_M1, blank, fixation, happiness_F1, happiness_M1, neutral_F1, neutral_M1, other, questionnaire, rating, rest
        """,
    ),
    Case(
        "log-of-nobody",
        "A log that belongs to no recording.",
        all_of(CODED_STUDY, LOG),
        "import psychopy X77.csv --study study",
        """
        error: X77.csv: it cannot be told to which recording a log belongs
          expected: one of P09
          found: 'X77'; the file is called X77.csv
          do: import the recordings first; name the log as the recording; or say which column names it: --column recording=NAME
        """,
    ),
    Case(
        "log-two-onsets",
        "A log with two columns that could be the onset.",
        all_of(CODED_STUDY, TWO_ONSETS),
        "import psychopy P01.csv --study study",
        """
        error: P01.csv: several columns could be the onset of the stimuli
          found: stim_frame.started, stim_image.started
          do: state which one: --column onset=stim_frame.started
        """,
    ),
    Case(
        "log-of-another",
        "A log of another program.",
        all_of(CODED_STUDY, LOG),
        "import eprime X77.csv --study study",
        """
        error: X77.csv: no line of the file is a header of this program
          expected: a text log with '*** LogFrame Start ***', or a table with Subject and <object>.OnsetTime, as E-Prime writes
        """,
    ),
    Case(
        "log-names-nothing",
        "A log that names nothing that could have been shown.",
        all_of(CODED_STUDY, table("P01.csv", "participant,expName,key.started", "P01,faces,1.0")),
        "import psychopy P01.csv --study study",
        """
        error: P01.csv: no column says what was shown
          found: the columns participant, expName, key.started
          do: state it: --column stimulus=NAME or --column emotion=NAME
        """,
    ),
)
