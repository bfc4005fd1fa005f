from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement_lib.evidence.fragility import State, _by_stance, fragility, verdict_of
from engagement_lib.evidence.voices import Voice, appraise
from engagement_lib.settings import Verdicts


def voices_of(state):
    """Voices of two kinds of source in turn, each with one passage."""
    said = ["for"] * state.for_it + ["against"] * state.against + ["both"] * state.both + ["silent"] * state.silent
    return [
        Voice(f"P{at}", {("survey", "interview")[at % 2]: 1} if how in ("for", "both") else {}, how in ("against", "both"))
        for at, how in enumerate(said)
    ]


def fewest_moves(state, rule):
    """By trying every respondent in every stance, one more at a time."""
    now, seen, waiting = verdict_of(state, rule), {state}, deque([(state, 0)])
    while waiting:
        current, moves = waiting.popleft()
        if verdict_of(current, rule) != now:
            return moves
        for taken in range(4):
            for to in range(4):
                if taken != to and current[taken]:
                    counts = list(current)
                    counts[taken] -= 1
                    counts[to] += 1
                    if State(*counts) not in seen:
                        seen.add(State(*counts))
                        waiting.append((State(*counts), moves + 1))
    return 0


states = st.builds(State, *[st.integers(0, 6)] * 4)
rules = st.builds(
    Verdicts,
    min_respondents=st.integers(1, 6),
    contested=st.sampled_from([0.1, 0.25, 0.4]),
    contradicted=st.sampled_from([0.4, 0.5, 0.75]),
    min_kinds=st.just(1),
)


@given(states, rules)
@settings(deadline=None, max_examples=150)
def test_conditions_can_only_make_it_less_than_a_search_over_stances_finds(state, rule):
    voices = [Voice(voice.respondent, dict.fromkeys(voice.supporting, 1), voice.contradicts) for voice in voices_of(state)]
    found = fragility(voices, rule)
    by_stance = fewest_moves(state, rule)
    assert 0 < found <= by_stance or by_stance == 0
    if appraise(voices, rule).indicated not in ("supported", "supported with conditions"):
        assert found == by_stance


@given(states, rules)
@settings(deadline=None, max_examples=150)
def test_by_stance_alone_it_is_exact(state, rule):
    assert _by_stance(state, rule) == fewest_moves(state, rule)


@pytest.mark.parametrize(
    ("voices", "least"),
    [
        # Six supporters where five are wanted: two must fall silent.
        ([Voice(f"P{at}", {"survey": 1, "interview": 1} if at < 6 else {}) for at in range(9)], 2),
        # Nine of two kinds, one of them by a single person: without that person it is of one kind.
        ([Voice(f"P{at}", {"interview" if at == 0 else "survey": 1}) for at in range(9)], 1),
        # One person gives five of sixteen passages; with five of the others silent it would be more than half.
        ([Voice("P0", {"survey": 5})] + [Voice(f"P{at}", {"interview": 1}) for at in range(1, 30)], 1),
        # Concentrated on one voice: without it the support is broad.
        ([Voice("P0", {"survey": 9})] + [Voice(f"P{at}", {"interview": 1, "survey": 1}) for at in range(1, 4)]
         + [Voice(f"P{at}", {"interview": 1}) for at in range(4, 7)], 1),
        ([], 0),
    ],
)  # fmt: skip
def test_conditions_count_too(voices, least):
    assert fragility(voices, Verdicts()) == least


def test_where_no_number_of_moves_brings_another_verdict_it_is_nought():
    assert fragility([Voice("P1", {"survey": 1})], Verdicts()) == 0


def test_support_that_leans_on_nobody_must_lose_many_before_it_leans_on_one():
    voices = [Voice("P0", {"survey": 6, "interview": 1})] + [
        Voice(f"P{at}", {("survey", "interview")[at % 2]: 1}) for at in range(1, 12)
    ]
    # With five of the eleven others silent the first has seven of thirteen passages; before that, three could contradict it.
    assert fragility(voices, Verdicts(contested=1.0, contradicted=1.0)) == 5
    assert fragility(voices, Verdicts()) == 3
