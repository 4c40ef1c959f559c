"""The pace of requests: never more than Google allows in any 60 seconds, and hardly less."""

from __future__ import annotations

import random

import pytest
from google_support import VirtualTime

from sheetflow.backends.base import Time
from sheetflow.backends.google.pace import AccountPace, Bucket, Buckets, Unhurried


def fullest(times: list[float], window: float = 60.0) -> int:
    """How many of some moments lie in the fullest window, both its ends counted."""
    times = sorted(times)
    return max(sum(start <= time <= start + window for time in times) for start in times)


def make(limit: int = 60, project: int = 300) -> tuple[VirtualTime, AccountPace]:
    clock = VirtualTime()
    return clock, AccountPace(Buckets(Time(clock, clock.sleep), project), limit)


def test_an_account_never_has_more_and_hardly_less() -> None:
    clock, pace = make()
    times = []
    for _ in range(600):
        with pace.turn(writing=False):
            times.append(clock.now)
    assert fullest(times) == 60
    assert len(times) / clock.now * 60 >= 0.98 * 60


@pytest.mark.parametrize("seed", range(5))
def test_whatever_time_the_answers_take(seed: int) -> None:
    """A request counts at Google some time between its start and its answer: at worst late, and the next ones early."""
    chance = random.Random(seed)
    clock, pace = make(limit=10)
    counted = []
    for _ in range(200):
        with pace.turn(writing=True):
            taken = chance.choice([0.0, 0.1, 3.0, 20.0])
            counted.append(clock.now + taken * chance.random())
            clock.sleep(taken)
        clock.sleep(chance.choice([0.0, 0.0, 5.0, 40.0]))
    assert fullest(counted) <= 10


def test_requests_under_way_count() -> None:
    bucket = Bucket(2)
    bucket.start(0.0)
    bucket.start(31.0)
    assert bucket.free_at(200.0) > 200.0, "two are under way, and nobody knows when they will be counted"
    bucket.end(201.0)
    assert bucket.free_at(201.0) == pytest.approx(261.5)


def test_a_project_is_shared_by_its_accounts() -> None:
    clock = VirtualTime()
    project = Buckets(Time(clock, clock.sleep), 20)
    paces = [AccountPace(project, 15) for _ in range(3)]
    times: list[float] = []
    for number in range(120):
        with paces[number % 3].turn(writing=False):
            times.append(clock.now)
    assert fullest(times) == 20


def test_reads_and_writes_are_apart() -> None:
    clock, pace = make(limit=1)
    with pace.turn(writing=False):
        pass
    with pace.turn(writing=True):
        pass
    assert clock.now == 0.0
    with pace.turn(writing=False):
        assert clock.now >= 60


def test_a_refusal_is_honoured_and_slows() -> None:
    clock, pace = make()
    with pace.turn(writing=False):
        pass
    pace.refused(30.0, writing=False)
    with pace.turn(writing=False):
        assert clock.now >= 30
    assert pace.reads.limit == 54
    assert pace.writes.limit == 60
    clock.sleep(601)
    with pace.turn(writing=False):
        assert pace.reads.limit == 55, "it comes back slowly"


def test_a_bucket_never_closes_for_good() -> None:
    _clock, pace = make(limit=3)
    for _ in range(10):
        pace.refused(1.0, writing=False)
    with pace.turn(writing=False):
        assert pace.reads.limit == 1


def test_one_sheet_alone_is_not_held_up() -> None:
    with Unhurried().turn(writing=True):
        pass
    Unhurried().refused(60.0, writing=True)
