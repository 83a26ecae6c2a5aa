"""A listener between a client and the service: writes down each request, so that a judge can say what a client asked the server for.

It runs as a process of its own: a client inside the judge may hold Python's lock while it waits for its answer.
"""

import http.client
import json
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "upgrade"}


class Exchange:
    """One request and its answer: method, target as sent, status, bytes of the answer's body, headers of the request."""

    def __init__(self, method, target, status, size, headers):
        self.method, self.target, self.status, self.size, self.headers = method, target, status, size, headers

    def __repr__(self):
        return f"{self.method} {self.target} -> {self.status}, {self.size} bytes"


class Recorder:
    """`with Recorder(service.address) as recorder:` gives `recorder.address`; `recorder.exchanges` are those so far."""

    def __init__(self, upstream):
        self.upstream = upstream

    def __enter__(self):
        self.file = tempfile.NamedTemporaryFile(mode="r", suffix=".jsonl")
        self.process = subprocess.Popen([sys.executable, Path(__file__), self.upstream, self.file.name], stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        self.ogc = f"{self.address}/ogc"
        return self

    @property
    def exchanges(self):
        return [Exchange(**json.loads(line)) for line in Path(self.file.name).read_text().splitlines()]

    @property
    def mark(self):
        return len(self.exchanges)

    def since(self, mark):
        """The exchanges after the first `mark`."""
        return self.exchanges[mark:]

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.file.close()


def listen(upstream, file):
    """Forwards what comes at a free port to the service, and writes a line a request, before the client has its answer."""
    upstream = urlsplit(upstream)
    lock = threading.Lock()
    lines = open(file, "a", buffering=1)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            pass

        def forward(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length) if length else None
            connection = http.client.HTTPConnection(upstream.hostname, upstream.port, timeout=120)
            # The client's own Host goes along: the service makes its links from it, and so they lead back here.
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            one = {"method": self.command, "target": self.path, "status": answer.status, "size": len(content), "headers": headers}
            with lock:
                lines.write(json.dumps(one) + "\n")
            self.send_response_only(answer.status, answer.reason)
            for name, value in answer.getheaders():
                if name.lower() not in HOP_BY_HOP | {"content-length"}:
                    self.send_header(name, value)
            if answer.status not in (204, 304):
                size = answer.getheader("Content-Length") if self.command == "HEAD" else len(content)
                self.send_header("Content-Length", str(size or 0))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)
            connection.close()

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = forward

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    listen(*sys.argv[1:])
