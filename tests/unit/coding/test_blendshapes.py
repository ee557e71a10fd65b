from mimicrylab.coding.blendshapes import FOLLOWING, NEARLY_STILL, STILL, list_blendshapes, name_blendshape_columns
from mimicrylab.coding.landmark_names import BLENDSHAPE_LANDMARKS, BLENDSHAPES


def test_names_and_landmarks_are_as_many_as_the_model_has():
    assert len(set(BLENDSHAPES)) == 52
    assert len(set(BLENDSHAPE_LANDMARKS.tolist())) == 146
    assert BLENDSHAPE_LANDMARKS.max() == 477
    assert len(set(name_blendshape_columns())) == 52


def test_every_judgement_is_of_a_blendshape_that_exists_and_of_one_only():
    judged = (*FOLLOWING, *NEARLY_STILL, *STILL)
    assert set(judged) <= set(BLENDSHAPES)
    assert len(set(judged)) == len(judged)


def test_what_never_moved_is_weak_and_says_so():
    signals = {signal.name: signal for signal in list_blendshapes()}
    assert signals["bs_cheekPuff"].standing == "weak"
    assert "did not move" in signals["bs_cheekPuff"].meaning
    assert signals["bs_mouthSmileLeft"].standing == "measured"
