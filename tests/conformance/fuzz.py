"""schemathesis: requests made from the service's own description, right ones and wrong ones. No answer may be a 5xx, of a status, a media
type or a shape that the description does not promise."""

import os
import re
import subprocess
import sys
from pathlib import Path

from checks import Checks
from service import Service

EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "12")
SECONDS = os.environ.get("FUZZ_SECONDS", "170")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
FEWEST_CASES = 500


def main():
    checks = Checks("schemathesis")
    with Service() as service:
        report = service.folder / "reports"
        # Deterministic: the same description gives the same requests. Computations run for seconds each and are judged by the integration tests.
        command = [
            Path(sys.executable).parent / "schemathesis", "run", f"{service.ogc}/api", "--origin", service.address, "--checks", CHECKS, "--max-examples", EXAMPLES,
            "--generation-deterministic", "--seed", "1", "--phases", "examples,coverage,fuzzing,stateful", "--max-time", SECONDS, "--request-timeout", "60",
            "--exclude-path-regex", r"^/(reserves|supply)|/execution$", "--report", "junit", "--report-dir", report, "--workers", "1",
        ]
        run = subprocess.run(command, capture_output=True, text=True, cwd=service.folder, env=os.environ | {"NO_COLOR": "1", "COLUMNS": "180"})
        print(run.stdout[-12000:])
        generated = re.search(r"(\d+) generated", run.stdout)
        cases = int(generated.group(1)) if generated else 0
        checks.that(f"{cases} requests were made, at least {FEWEST_CASES}", cases >= FEWEST_CASES, run.stderr[-1500:])
        checks.equal("schemathesis finds nothing", run.returncode, 0)
        checks.that("the service still runs", service.is_alive(), service.log_text()[-2000:])
        checks.that("no panic in its log", "panicked" not in service.log_text(), service.log_text()[-2000:])
    checks.close(at_least=4)


main()
