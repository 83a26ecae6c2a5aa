"""What a judge found: sentences that hold or do not, counted and printed, so that an empty run is no success."""

import sys
import traceback


class Checks:
    """`checks.that("sentence", holds, detail)` for each claim, then `checks.close(at_least=N)`, which ends the program."""

    def __init__(self, judge):
        self.judge, self.passed, self.failed = judge, 0, 0

    def that(self, sentence, holds, detail=""):
        if holds:
            self.passed += 1
            print(f"  ok    {sentence}")
        else:
            self.failed += 1
            print(f"  FAIL  {sentence}" + (f"\n        {str(detail)[:1500]}" if detail != "" else ""))
        return bool(holds)

    def equal(self, sentence, got, expected):
        return self.that(sentence, got == expected, f"got {got!r}, expected {expected!r}")

    def run(self, sentence, step):
        """A whole step as one claim where the other program raises: its exception is the finding. Gives what the step gives."""
        try:
            value = step()
        except Exception as error:  # whatever a foreign program throws is what it has to say
            place = traceback.extract_tb(error.__traceback__)[-1]
            self.that(sentence, False, f"{type(error).__name__}: {error} ({place.name}, line {place.lineno})")
            return None
        self.that(sentence, True)
        return value if value is not None else True

    def close(self, at_least):
        """Prints the count; fails on any failure and when fewer checks were made than there must be."""
        made = self.passed + self.failed
        if made < at_least:
            print(f"  FAIL  only {made} checks were made, {at_least} must be")
            self.failed += 1
        print(f"{self.judge}: {self.passed} passed, {self.failed} failed")
        sys.stdout.flush()
        sys.exit(1 if self.failed else 0)
