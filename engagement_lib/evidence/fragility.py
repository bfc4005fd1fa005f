"""How few respondents would have to be coded otherwise for a claim to have another verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from engagement_lib.evidence.verdicts import CONTESTED, CONTRADICTED, INSUFFICIENT, SUPPORTED, WITH_CONDITIONS
from engagement_lib.evidence.voices import Voice, appraise
from engagement_lib.settings import Verdicts


class State(NamedTuple):
    """How many respondents only support a claim, only contradict it, do both, or do neither."""

    for_it: int
    against: int
    both: int
    silent: int


_ALL: Final = ("for_it", "against", "both", "silent")


def fragility(voices: Sequence[Voice], rule: Verdicts) -> int:
    """The least number of respondents whose stance would have to be other for another verdict; 0 where none would bring one.

    A respondent may be turned from any of four stances (for, against, both, silent) into any other. Between "supported" and
    "supported with conditions" it counts as well how many supporters would have to fall silent, or silent ones to speak, so that
    support came from more or fewer kinds of source or leant more or less on one voice.

    Examples
    --------
    >>> fragility([Voice(f"P{at}", {"survey": 1} if at < 6 else {}) for at in range(9)], Verdicts(min_kinds=1))
    2
    """
    state = State(
        sum(voice.supports and not voice.contradicts for voice in voices),
        sum(voice.contradicts and not voice.supports for voice in voices),
        sum(voice.contradicts and voice.supports for voice in voices),
        sum(not voice.contradicts and not voice.supports for voice in voices),
    )
    now = appraise(voices, rule).indicated
    routes = [_by_stance(state, rule), *_by_conditions(voices, now, rule)]
    return min((moves for moves in routes if moves), default=0)


def verdict_of(state: State, rule: Verdicts) -> str:
    """The verdict that the numbers alone indicate: "supported" also where it would be with conditions."""
    either = state.for_it + state.against + state.both
    if either < rule.min_respondents:
        return INSUFFICIENT
    if either and state.against / either >= rule.contradicted:
        return CONTRADICTED
    return CONTESTED if either and (state.against + state.both) / either >= rule.contested else SUPPORTED


def _by_stance(state: State, rule: Verdicts) -> int:
    now = verdict_of(state, rule)
    for moves in range(1, sum(state) + 1):
        if any(verdict_of(moved, rule) != now for moved in _best_moves(state, moves)):
            return moves
    return 0


def _best_moves(state: State, moves: int) -> Iterator[State]:
    """The states from which nothing better lies at so many moves: all towards one stance, taken from the others in any order.

    Each threshold is on a share that rises or falls with every move towards one stance, most so from the stance opposite to it.
    """
    for to in _ALL:
        others = [name for name in _ALL if name != to]
        for first in others:
            for second in others:
                if second != first:
                    third = next(name for name in others if name not in (first, second))
                    yield _move(state, moves, to, (first, second, third))


def _move(state: State, moves: int, to: str, order: Iterable[str]) -> State:
    counts = state._asdict()
    for name in order:
        taken = min(moves, counts[name])
        counts[name] -= taken
        counts[to] += taken
        moves -= taken
    return State(**counts)


def _by_conditions(voices: Sequence[Voice], now: str, rule: Verdicts) -> Iterator[int]:
    if now not in (SUPPORTED, WITH_CONDITIONS):
        return
    supporters = sorted((voice for voice in voices if voice.supports), key=lambda voice: -sum(voice.supporting.values()))
    kinds = sorted({kind for voice in supporters for kind in voice.supporting})
    if now == SUPPORTED:
        least = sorted(sum(kind in voice.supporting for voice in supporters) for kind in kinds)
        yield sum(least[: len(kinds) - rule.min_kinds + 1])
        yield _until(WITH_CONDITIONS, supporters, rule, lambda left, moves: [left[0], *left[1 + moves :]])
    else:
        yield _until(SUPPORTED, supporters, rule, lambda left, moves: left[moves:])


def _until(verdict: str, voices: list[Voice], rule: Verdicts, after: Callable[[list[Voice], int], list[Voice]]) -> int:
    """How many moves it takes to that verdict among those who support the claim; 0 where none do."""
    for moves in range(1, len(voices)):
        left = after(voices, moves)
        if len(left) >= rule.min_respondents and appraise(left, rule).indicated == verdict:
            return moves
    return 0
