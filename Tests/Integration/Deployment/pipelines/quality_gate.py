"""The part of SonarQube's API that the quality gate asks."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from pipelines import runners
from ports import free_port

TOKEN = "squ_0123"


@contextmanager
def sonarqube(status):
    """`GET /api/qualitygates/project_status`, for callers with the token."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            known = self.path == "/api/qualitygates/project_status?projectKey=checkout&branch=main"
            allowed = self.headers["Authorization"] == f"Bearer {TOKEN}"
            self.send_response(200 if known and allowed else 401)
            self.end_headers()
            self.wfile.write(json.dumps({"projectStatus": {"status": status}}).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def quality_gate(status):
    """A runner whose gate says `status`; nothing answers when it is None."""

    def run(bench, version):
        with sonarqube(status) as url:
            environment = {
                "SONAR_URL": url if status else f"http://127.0.0.1:{free_port()}",
                "SONAR_TOKEN": TOKEN,
                "BUILD_ID": bench.suffix,
            }
            return runners.script(bench, "quality-gate/gate.sh", [version], environment)

    return run
