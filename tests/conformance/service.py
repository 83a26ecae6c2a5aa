"""A peatplan service of its own for one judge: on a scratch copy of a project, at a free port of this machine, ended by its id."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A judge that is told to end leaves its `with` blocks, and so ends what it started.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def program():
    """The binary to judge: PEATPLAN_BIN, or the release build."""
    return Path(os.environ.get("PEATPLAN_BIN") or ROOT / "target/release/peatplan")


def project():
    """The project to judge it on: PROJECT, or the demo project."""
    return Path(os.environ.get("PROJECT") or ROOT / "data/demo.gpkg")


class Service:
    """`with Service() as service:` gives `service.address`, `.ogc`, `.pid`; nothing of it is left afterwards. `prepare` is called with the
    scratch copy before the start."""

    def __init__(self, *options, source=None, environment=None, prepare=None):
        self.options, self.prepare = list(options), prepare
        self.source = Path(source or project())
        self.environment = environment or {}

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="peatplan-judged-"))
        self.project = self.folder / "project.gpkg"
        shutil.copy(self.source, self.project)
        if self.prepare:
            self.prepare(self.project)
        self.log = self.folder / "service.log"
        command = [program(), "serve", "--project", self.project, "--listen", "127.0.0.1:0", *self.options]
        began = time.monotonic()
        with self.log.open("wb") as errors:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True, env=os.environ | self.environment
            )
        self.address = self._address()
        self.ogc = f"{self.address}/ogc"
        self.seconds_to_start = time.monotonic() - began
        return self

    def _address(self):
        for line in self.process.stdout:
            found = re.search(r"listening on (http://\S+)", line)
            if found:
                return found.group(1).rstrip("/")
        self.__exit__()
        raise SystemExit(f"the service did not start: {self.log_text()[-2000:]}")

    @property
    def pid(self):
        return self.process.pid

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def resident_bytes(self):
        """Memory that the service holds now."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise ValueError("no VmRSS")

    def is_alive(self):
        return self.process.poll() is None

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        if os.environ.get("KEEP_SCRATCH"):
            print(f"kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)


class Answer:
    """Status, headers (names in lower case) and body of one answer; an error status is an answer, too."""

    def __init__(self, status, headers, body):
        self.status, self.body = status, body
        self.headers = {name.lower(): value for name, value in headers}

    def json(self):
        return json.loads(self.body)


def ask(url, method="GET", body=None, timeout=60, **headers):
    """One request; header names with `_` for `-`. A body that is no bytes is sent as JSON."""
    named = {name.replace("_", "-"): str(value) for name, value in headers.items()}
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        named.setdefault("Content-Type", "application/json")
    request = urllib.request.Request(url, data=body, method=method, headers=named)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as got:
            return Answer(got.status, got.getheaders(), got.read())
    except urllib.error.HTTPError as refused:
        return Answer(refused.code, refused.headers.items(), refused.read())
