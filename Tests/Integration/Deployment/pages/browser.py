"""Drives a headless Chromium by the DevTools protocol."""

import base64
import contextlib
import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

PROGRAM = os.environ.get("CHROMIUM", "chromium")


def is_installed() -> bool:
    return shutil.which(PROGRAM) is not None


class Socket:
    """A WebSocket that sends and receives texts, as RFC 6455 has it."""

    def __init__(self, url):
        host, _, path = url.removeprefix("ws://").partition("/")
        name, port = host.split(":")
        self.connection = socket.create_connection((name, int(port)), timeout=120)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET /{path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", ""]
        self.connection.sendall("\r\n".join(lines).encode())
        self.stream = self.connection.makefile("rb")
        while self.stream.readline().strip():
            pass

    def send(self, text):
        data = text.encode()
        size = len(data)
        head = b"\x81" + (
            bytes([0x80 | size]) if size < 126
            else b"\xfe" + struct.pack("!H", size) if size < 65536
            else b"\xff" + struct.pack("!Q", size)
        )
        self.connection.sendall(head + b"\0\0\0\0" + data)

    def receive(self):
        text = b""
        while True:
            first, second = self.stream.read(2)
            size = second & 0x7F
            if size == 126:
                size = struct.unpack("!H", self.stream.read(2))[0]
            elif size == 127:
                size = struct.unpack("!Q", self.stream.read(8))[0]
            data = self.stream.read(size)
            if first & 0x0F in (0, 1):
                text += data
                if first & 0x80:
                    return text.decode()

    def close(self):
        self.stream.close()
        self.connection.close()


class Page:
    """One tab."""

    def __init__(self, url):
        self.socket = Socket(url)
        self.number = 0
        # What the page wrote to its console, the errors of its scripts, and what its policy forbade.
        self.messages = []
        self.dialogs = []
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(f"{domain}.enable")

    def call(self, method, **parameters):
        self.number += 1
        number = self.number
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.receive())
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]
            self.note(message)

    def note(self, message):
        match message["method"], message["params"]:
            case "Runtime.consoleAPICalled", parameters:
                self.messages.append(" ".join(str(one.get("value", one.get("description"))) for one in parameters["args"]))
            case "Runtime.exceptionThrown", parameters:
                self.messages.append(str(parameters["exceptionDetails"].get("exception", {}).get("description")))
            case "Log.entryAdded", parameters:
                self.messages.append(parameters["entry"]["text"])
            case "Page.javascriptDialogOpening", parameters:
                self.dialogs.append(parameters["message"])
                self.socket.send(json.dumps({"id": 0, "method": "Page.handleJavaScriptDialog", "params": {"accept": True}}))

    def size(self, width, height, *, is_dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, url):
        self.call("Page.navigate", url=url)
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    def value(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait_for(self, expression, limit=60):
        until = time.monotonic() + limit
        while not self.value(expression):
            assert time.monotonic() < until, f"{expression} did not come: {self.messages}"
            time.sleep(0.05)

    def press(self, key):
        codes = {"Tab": 9, "Enter": 13}
        for kind in ["keyDown", "keyUp"]:
            parameters = {"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": codes[key]}
            if key == "Enter" and kind == "keyDown":
                parameters["text"] = "\r"
            self.call("Input.dispatchKeyEvent", **parameters)

    def draw(self, path, *, whole=False):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        Path(path).write_bytes(base64.b64decode(data))

    def close(self):
        self.socket.close()


@contextlib.contextmanager
def running():
    """Yields a function that opens a tab."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [PROGRAM, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--mute-audio"]
        command += ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        command += [f"--user-data-dir={profile}", "--remote-debugging-port=0", "about:blank"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        tabs = []
        try:
            ports = Path(profile, "DevToolsActivePort")
            until = time.monotonic() + 60
            while not (ports.exists() and "\n" in ports.read_text()):
                assert process.poll() is None and time.monotonic() < until, "Chromium does not start"
                time.sleep(0.05)
            address = f"http://127.0.0.1:{ports.read_text().splitlines()[0]}"

            def tab():
                request = urllib.request.Request(f"{address}/json/new?about:blank", method="PUT")
                with urllib.request.urlopen(request, timeout=60) as answer:
                    tabs.append(Page(json.load(answer)["webSocketDebuggerUrl"]))
                return tabs[-1]

            yield tab
        finally:
            for one in tabs:
                with contextlib.suppress(OSError):
                    one.close()
            process.terminate()
            process.wait(30)
