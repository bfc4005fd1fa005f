import numpy as np
import pytest

from engagement_lib.evidence.discriminant import fold_of_people, held_out_accuracy


def test_folds_hold_as_many_people_each():
    fold = fold_of_people(13, np.random.default_rng(0))
    assert sorted(np.bincount(fold)) == [2, 2, 3, 3, 3]


def test_what_differs_is_told_apart_and_what_does_not_is_guessed():
    generator = np.random.default_rng(1)
    labels = generator.random(400) < 0.2
    vectors = generator.normal(size=(400, 6))
    vectors[:, 0] += 8 * labels
    told = held_out_accuracy(vectors, np.array([labels, generator.permutation(labels)]).T, np.arange(400) % 5)
    assert told[0] == 1
    assert told[1] == pytest.approx(0.5, abs=0.12)


def test_each_way_to_label_is_told_as_if_it_were_the_only_one():
    generator = np.random.default_rng(2)
    vectors, labels = generator.normal(size=(60, 4)), generator.random((60, 3)) < 0.5
    fold = np.arange(60) % 5
    apart = [float(held_out_accuracy(vectors, labels[:, [at]], fold)[0]) for at in range(3)]
    assert held_out_accuracy(vectors, labels, fold).tolist() == pytest.approx(apart)


def test_one_kind_alone_cannot_be_told_apart():
    assert np.isnan(held_out_accuracy(np.eye(4), np.ones((4, 1), dtype=bool), np.array([0, 0, 1, 1]))).all()
