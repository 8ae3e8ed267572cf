"""The table itself: whole, and sampled so that every run of the tests meets every fault."""

from __future__ import annotations

from collections import Counter

from faults import test_whole_aws, test_whole_crew, test_whole_others
from faults.calls import CALLS
from faults.kinds import FAULTS
from faults.table import PARTICULAR, SAMPLE, Outcome, cells


def test_every_call_meets_every_fault() -> None:
    """No cell is left out, and none is there twice."""
    found = Counter((cell.call.name, cell.fault.name) for cell in cells(whole=True))

    assert set(found) == {(call.name, fault.name) for call in CALLS for fault in FAULTS}
    assert set(found.values()) == {1}
    assert set(PARTICULAR) <= set(found)


def test_the_files_of_a_proof_ask_them_all() -> None:
    """A place of a new kind is asked by none of them until it is given to one."""
    asked = Counter(
        str(cell) for module in (test_whole_aws, test_whole_crew, test_whole_others) for cell in module.CELLS
    )

    assert asked == Counter(map(str, cells(whole=True)))


def test_the_sample_meets_every_fault() -> None:
    """What every run of the tests asks has each fault at least once, each time at another call."""
    sample = [(cell.call.name, cell.fault.name) for cell in cells(whole=False)]

    assert sample == [item for call in CALLS for item in SAMPLE.items() if item[0] == call.name]
    assert len(sample) == len(SAMPLE)
    assert {fault for _, fault in sample} == {fault.name for fault in FAULTS}


def test_whoever_stops_says_what_to_do() -> None:
    """Each refusal names its call and ends in another publish; what ends well needs no words."""
    for cell in cells(whole=True):
        verdict = cell.verdict
        if verdict.outcome is not Outcome.REFUSED:
            assert (verdict.says, verdict.hint) == ("", ""), str(cell)
        else:
            assert "publish" in verdict.hint, str(cell)
            assert verdict.says, str(cell)
