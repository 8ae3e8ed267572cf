"""Crew members: written as often as one likes, gone when they are gone."""

from fastapi.testclient import TestClient

from lambdas.service.table import Table
from lambdas.shipcaptaincrew.members import address_partition

MEMBER = {"name": "Ben Ito", "role": "crew", "email": "ben@example.com"}


def test_a_member_is_written_and_answered(scc: TestClient) -> None:
    """A member is answered as stored, whether new, the same or changed; a phone is not needed."""
    path = "/crew-members/crew-001"

    answers = [scc.put(path, json=body) for body in (MEMBER, MEMBER, MEMBER | {"phone": "+1 619 555 0143"})]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer.json()["phone"] for answer in answers] == [None, None, "+1 619 555 0143"]
    assert answers[2].json() == MEMBER | {"member_id": "crew-001", "phone": "+1 619 555 0143"}


def test_a_member_goes_and_comes_back(scc: TestClient) -> None:
    """Letting a member go twice is letting them go once, and they can be written anew."""
    path = "/crew-members/crew-001"
    scc.put(path, json=MEMBER)

    gone = [scc.delete(path) for _ in range(2)]

    assert [(answer.status_code, answer.json()) for answer in gone] == [
        (200, {"member_id": "crew-001", "gone": True})
    ] * 2
    assert scc.put(path, json=MEMBER).status_code == 200


def test_everyone_who_is_here_is_listed_by_id(scc: TestClient) -> None:
    """Nothing but ids, in order; who is gone is not among them, and who comes back is."""
    for member in ("crew-002", "crew-001"):
        scc.put(f"/crew-members/{member}", json=MEMBER)
    both = scc.get("/crew-members")
    scc.delete("/crew-members/crew-001")
    left = scc.get("/crew-members").json()
    scc.put("/crew-members/crew-001", json=MEMBER | {"role": "ops"})

    assert (both.status_code, both.json()) == (200, {"members": ["crew-001", "crew-002"]})
    assert left == {"members": ["crew-002"]}
    assert scc.get("/crew-members").json() == both.json()


def test_an_address_is_forgotten_with_its_member(scc: TestClient, table: Table) -> None:
    """Not even a digest of an address outlives who had it, or their move to another; another spelling is the same."""
    path, found = "/crew-members/crew-001", []

    for email in ("ben@example.com", "Ben@example.com", "ben.new@example.com", None):
        scc.put(path, json=MEMBER | {"email": email}) if email else scc.delete(path)
        digests = [address_partition(one) for one in ("ben@example.com", "ben.new@example.com")]
        found.append([len(table.partition(digest)) for digest in digests])

    assert found == [[1, 0], [1, 0], [0, 1], [0, 0]]
