"""How many participants."""

from bad_input.case import Case
from bad_input.inputs import edited_study, nothing, study

CASES = (
    Case(
        "nothing-asked",
        "Neither an effect nor a number of people.",
        nothing,
        "power groups --power .9",
        """
        error: nothing to compute from
          expected: an effect (how many people find it?), or a number of people (which effect do they find?)
          do: add --effect or --people
        """,
    ),
    Case(
        "all-given",
        "Effect, people and power at once.",
        nothing,
        "power within --effect .5 --people 30 --power .8",
        """
        error: effect, people and power are all given: nothing is left to compute
          do: leave out the one that is asked for
        """,
    ),
    Case(
        "correlation-above-1",
        "A correlation of 30.",
        nothing,
        "power correlation --effect 30",
        """
        error: effect: this effect cannot be found (r)
          expected: a size above 0 and below 1
          found: 30
        """,
    ),
    Case(
        "no-effect",
        "An effect of nothing.",
        nothing,
        "power groups --effect 0",
        """
        error: effect: this effect cannot be found (d)
          expected: a size above 0
          found: 0
        """,
    ),
    Case(
        "hardly-an-effect",
        "An effect that no study finds.",
        nothing,
        "power groups --effect .0001",
        """
        error: effect: more than 1,000,000 people would be needed
          found: 0.0001
          do: ask for the smallest effect that would matter
        """,
    ),
    Case(
        "power-below-alpha",
        "A power that the test has without an effect.",
        nothing,
        "power groups --effect .5 --power .01",
        """
        error: power: this is no power to ask for
          expected: above alpha and below 1, such as .8
          found: 0.01
        """,
    ),
    Case(
        "percent",
        "Power in percent.",
        nothing,
        "power groups --effect .5 --power 80",
        """
        error: power: this is no power to ask for
          expected: above alpha and below 1, such as .8
          found: 80
        """,
    ),
    Case(
        "few-people",
        "Too few people for the test.",
        nothing,
        "power regression --predictors 10 --people 8",
        """
        error: people: too few people for this test
          expected: at least 12
          found: 8
        """,
    ),
    Case(
        "which-effect",
        "A misspelt effect of repeated measures.",
        nothing,
        "power repeated --tested betwen --measurements 5 --effect .2",
        """
        error: --tested: unknown tested effect 'betwen' (did you mean 'between'?)
          expected: one of between, interaction, within
        """,
    ),
    Case(
        "correlation-impossible",
        "A correlation that five measurements cannot have.",
        nothing,
        "power repeated --tested within --measurements 5 --correlation -.5 --effect .2",
        """
        error: correlation: correlation does not fit
          expected: above -0.25 and below 1
          found: -0.5
        """,
    ),
    Case(
        "curve-format",
        "A curve as PDF.",
        nothing,
        "power groups --effect .5 --curve curve.pdf",
        """
        error: curve.pdf: a curve is drawn as SVG or PNG
          expected: a name that ends in .svg or .png
          do: the table is written beside it, as .csv
        """,
    ),
    Case(
        "everybody-lost",
        "All participants lost.",
        nothing,
        "power groups --effect .5 --losses 1",
        """
        error: losses: losses do not fit
          expected: 0 to below 1, such as .1
          found: 1
        """,
    ),
    Case(
        "study-nowhere",
        "A folder that is no study.",
        nothing,
        "power study elsewhere",
        """
        error: elsewhere: this is not a study folder: it has no study.yaml
          do: mimicrylab new elsewhere --template minimal
        """,
    ),
    Case(
        "study-without-plan",
        "A study without an analysis plan.",
        study(),
        "power study study",
        """
        error: study.yaml: the study has no analysis plan
          do: declare analyses (docs/study-file.md)
        """,
    ),
    Case(
        "study-unknown-analysis",
        "An analysis that is not in the plan.",
        study(template="empathy"),
        "power study study --analysis congruence_and_qe",
        """
        error: --analysis: unknown analysis 'congruence_and_qe' (did you mean 'congruence_and_eq'?)
          expected: one of before_after_eq, [...]
        """,
    ),
    Case(
        "study-unknown-effect",
        "A misspelt effect.",
        study(template="empathy"),
        "power study study --effect mimcry=.5",
        """
        error: --effect mimcry=.5: unknown effect 'mimcry' (did you mean 'mimicry'?)
          expected: one of mimicry, none, sex, trait, treatment
        """,
    ),
    Case(
        "study-effect-without-number",
        "An effect without its number.",
        study(template="empathy"),
        "power study study --effect mimicry",
        """
        error: --effect mimicry: this is no effect
          expected: NAME=NUMBER, such as mimicry=.5 or treatment=5%
        """,
    ),
    Case(
        "study-vendor-emotion",
        "A vendor's word for an emotion.",
        study(template="empathy"),
        "power study study --effect mimicry.joy=.5",
        """
        error: --effect mimicry.joy=.5: unknown emotion 'joy'
          expected: one of anger, contempt, disgust, fear, happiness, sadness, surprise
        """,
    ),
    Case(
        "study-impossible-correlation",
        "A correlation of 3.",
        study(template="empathy"),
        "power study study --effect trait=3",
        """
        error: --effect trait=3: this is no correlation
          expected: trait= a number between -1 and 1
        """,
    ),
    Case(
        "study-people-in-words",
        "Numbers of people in words.",
        study(template="empathy"),
        "power study study --people forty",
        """
        error: --people: these are no numbers of people
          expected: whole numbers, such as 40,80,120
          found: forty
        """,
    ),
    Case(
        "study-one-person",
        "A study of one person.",
        study(template="empathy"),
        "power study study --people 1",
        """
        error: --people: this number of people cannot be simulated
          expected: 4 to 10000
          found: 1
        """,
    ),
    Case(
        "study-no-number",
        "A plan without a planned number of people.",
        edited_study("  planned: 145\n", "", template="oxytocin"),
        "power study study",
        """
        error: study.yaml, participants.planned: the study does not say how many people are planned
          do: give --people 40,80,120
        """,
    ),
    Case(
        "study-foreign-signals",
        "Signals that only another coder writes.",
        edited_study(
            "      - {name: presence, kind: covariate, block: neutral}",
            "      - {name: presence, kind: covariate, block: neutral, signals: [AU12_r]}",
            template="oxytocin",
        ),
        "power study study --analysis oxytocin_happiness",
        """
        error: study.yaml: AU12_r is a signal of another coder: only the coder 'landmarker' can be simulated
          do: name action units (AU12): they stand for the column of whichever coder
        """,
    ),
)
