"""What is wrong with one line of a body: a place within the body, which whoever knows the file turns into a Problem."""

from __future__ import annotations

from dataclasses import dataclass

from castoff.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class WrongLine:
    """One thing wrong in one line; line and column are counted from 0, within the body."""

    line: int
    words: str
    rule: str
    hint: str
    column: int = 0
    severity: Severity = Severity.ERROR

    def in_file(self, path: str, first: int) -> Problem:
        """Return the problem in a file whose body begins in line `first`, from 1."""
        place = (first + self.line, self.column + 1)
        return Problem(path, *place, self.words, self.rule, self.hint, self.severity)
