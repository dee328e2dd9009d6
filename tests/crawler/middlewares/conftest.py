"""A small web on loopback, canaries that nobody may touch, and crawls that run in a process of their own."""

import json
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest


@dataclass
class Web:
    """A server whose answers a test writes down; `log` is what it saw, in order."""

    routes: dict = field(default_factory=dict)
    log: list = field(default_factory=list)
    port: int = 0
    in_flight: dict = field(default_factory=dict)
    most_in_flight: dict = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def page(self, path, body=b"<p>page</p>", *, status=200, host=None, delay=0.0, raw=None, **headers):
        """Answers for `path` (at `host` only, where one is given). `raw(send)` writes the whole answer itself."""
        body = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = SimpleNamespace(status=status, headers=named, body=body, delay=delay, raw=raw)
        self.routes.setdefault((host, path), []).append(answer)

    def answer(self, host, path):
        """Several answers for one path are given one after another, then the last again."""
        name = host.rpartition(":")[0]
        answers = self.routes.get((name, path)) or self.routes.get((None, path))
        if not answers:
            return SimpleNamespace(status=404, headers={}, body=b"none", delay=0, raw=None)
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def url(self, path="/", host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"

    def seen(self, path=None, host=None):
        return [
            entry
            for entry in self.log
            if (path is None or entry.path == path) and (host is None or entry.host.rpartition(":")[0] == host)
        ]

    def pages_seen(self, host=None):
        return [entry for entry in self.seen(host=host) if entry.path != "/robots.txt"]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        web = self.server.web
        host = self.headers.get("Host", "")
        path = self.path if self.path.startswith("/") else "/" + self.path.split("/", 3)[3]
        with web.lock:
            web.log.append(
                SimpleNamespace(
                    path=path, host=host, at=time.monotonic(), headers=dict(self.headers), line=self.requestline
                )
            )
            web.in_flight[host] = web.in_flight.get(host, 0) + 1
            web.most_in_flight[host] = max(web.most_in_flight.get(host, 0), web.in_flight[host])
            answer = web.answer(host, path)
        try:
            time.sleep(answer.delay)
            if answer.raw:
                self.close_connection = True
                answer.raw(self.wfile)
                return
            self.send_response(answer.status)
            headers = {"Content-Type": "text/html", "Content-Length": str(len(answer.body))} | answer.headers
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
        except OSError:
            self.close_connection = True
        finally:
            with web.lock:
                web.in_flight[host] -= 1

    def do_CONNECT(self):
        """No tunnels here; what was asked for is in the log."""
        self.server.web.log.append(
            SimpleNamespace(path="", host="", at=time.monotonic(), headers={}, line=self.requestline)
        )
        self.send_error(405)

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256  # connections that come at once must not wait for a second SYN


@pytest.fixture
def web():
    """An empty web server on 127.0.0.1 (robots.txt: 404, so everything is allowed)."""
    server = Server(("127.0.0.1", 0), Handler)
    server.web = Web(port=server.server_address[1])
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server.web
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def worker():
    script = Path(__file__).with_name("crawl_worker.py")
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    yield process
    process.stdin.close()
    process.wait(10)


@pytest.fixture
def crawl(worker, web):
    """Crawls URLs (or request dicts); the web server's own address is allowed unless `allow` says otherwise."""

    def run(*requests, allow=None, settings=None, **scenario):
        scenario["requests"] = [r if isinstance(r, dict) else {"url": r} for r in requests]
        allowed = [f"127.0.0.1:{web.port}"] if allow is None else allow
        scenario["settings"] = {"BACKISSUE_ALLOW_ADDRESSES": allowed} | (settings or {})
        worker.stdin.write(json.dumps(scenario) + "\n")
        worker.stdin.flush()
        answer = json.loads(worker.stdout.readline())
        assert "failed" not in answer, answer
        return SimpleNamespace(**answer)

    return run
