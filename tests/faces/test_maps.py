from __future__ import annotations

import numpy as np

from impasto.faces import Face, maps

FACE = Face((30, 30, 90, 114), 1.0, (45, 60), (75, 60), (60, 75), (48, 93), (72, 93))


def test_a_map_is_1_on_the_face_and_0_far_from_it_and_soft_between() -> None:
    oval, features = maps([FACE], (150, 120))
    assert oval[75, 60] == 1
    assert oval[0, 0] == oval[149, 119] == 0
    assert np.abs(np.diff(oval, axis=0)).max() < 0.12
    assert np.abs(np.diff(oval, axis=1)).max() < 0.12
    assert oval[features == 1].all()


def test_eyes_and_mouth_are_features_and_the_nose_is_none() -> None:
    features = maps([FACE], (150, 120)).features
    assert features[60, 45] == features[60, 75] == features[93, 60] == 1
    assert features[75, 60] == 0


def test_a_face_and_its_mirror_image_have_mirrored_maps() -> None:
    mirrored = Face((29, 30, 89, 114), 1.0, (44, 60), (74, 60), (59, 75), (47, 93), (71, 93))
    for one, other in zip(maps([FACE], (150, 120)), maps([mirrored], (150, 120)), strict=True):
        assert np.allclose(one, other[:, ::-1], atol=1e-5)


def test_no_face_gives_empty_maps_and_a_face_that_goes_fainter_ones() -> None:
    assert not maps([], (8, 9)).oval.any()
    going = Face.of(FACE.box, 1.0, FACE.landmarks, 0.25)
    assert maps([going], (150, 120)).oval.max() == np.float32(0.25)
