"""A front with TLS, SASL and access rules for a Kafka broker that knows none of them.

kafka_gateway.py SETTINGS.json: {"port", "backend" (host:port), "log" (file)} and, each optional, "tls": {"certificate",
"key", "clients" (CA that client certificates must be of)}, "sasl": {user: file with the password}, "rights": file with
what is allowed, a right a line such as `READ topic a`, read at each request; `everything` allows all. What happens is
written to the log, a line each. "open" (with "rights") is a file with topics, one a line, at whose end a transaction of
one record is open. With rights, each that a client asks for, once: `asks CLIENT-ID: READ topic a`.
"""

import base64
import hashlib
import hmac
import json
import os
import socket
import ssl
import struct
import sys
import threading
import time

import kafka_rights

API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE = 18, 17, 36
UNSUPPORTED_VERSION, UNSUPPORTED_MECHANISM, AUTHENTICATION_FAILED = 35, 33, 58
MECHANISMS = {"PLAIN": None, "SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512"}

settings = json.load(open(sys.argv[1]))
lock = threading.Lock()


def log(line):
    with lock, open(settings["log"], "a") as file:
        file.write(line + "\n")


asked = set()


def note(client, rights):
    for operation, resource in rights:
        line = f"asks {client}: {operation} {resource}"
        with lock:
            is_new = line not in asked
            asked.add(line)
        if is_new:
            log(line)


def refused(rights):
    granted = [line.strip() for line in open(settings["rights"])]
    if "everything" in granted:
        return []
    return [resource for operation, resource in rights if not kafka_rights.allows(granted, operation, resource)]


def password(user):
    path = settings["sasl"].get(user)
    return open(path).read().strip() if path else None


def read_exactly(connection, count):
    data = b""
    while len(data) < count:
        part = connection.recv(count - len(data))
        if not part:
            raise ConnectionError("closed")
        data += part
    return data


def read_frame(connection):
    return read_exactly(connection, struct.unpack(">i", read_exactly(connection, 4))[0])


def write_frame(connection, frame):
    connection.sendall(struct.pack(">i", len(frame)) + frame)


def text(value):
    return struct.pack(">h", len(value)) + value.encode()


class Authentication:
    """One exchange: `step` takes what the client says and returns the answer, or None to refuse."""

    def __init__(self, mechanism):
        self.mechanism, self.user, self.done, self.first = mechanism, None, False, None

    def step(self, data):
        if self.mechanism == "PLAIN":
            _, self.user, given = data.decode().split("\0")
            self.done = password(self.user) == given
            return b"" if self.done else None
        return self.scram(data.decode())

    def scram(self, message):
        name = MECHANISMS[self.mechanism]
        fields = dict(part.split("=", 1) for part in message.split(",") if "=" in part)
        if self.first is None:
            self.user = fields["n"]
            self.salt, bare = os.urandom(16), message[3:]
            nonce = fields["r"] + base64.b64encode(os.urandom(12)).decode()
            answer = f"r={nonce},s={base64.b64encode(self.salt).decode()},i=4096"
            self.first = bare + "," + answer
            return answer.encode()
        secret = password(self.user)
        if secret is None:
            return None
        salted = hashlib.pbkdf2_hmac(name, secret.encode(), self.salt, 4096)
        client_key = hmac.digest(salted, b"Client Key", name)
        whole = (self.first + "," + message.rsplit(",p=", 1)[0]).encode()
        signature = hmac.digest(hashlib.new(name, client_key).digest(), whole, name)
        proof = bytes(a ^ b for a, b in zip(client_key, signature))
        if not hmac.compare_digest(base64.b64encode(proof).decode(), message.rsplit(",p=", 1)[1]):
            return None
        self.done = True
        return b"v=" + base64.b64encode(hmac.digest(hmac.digest(salted, b"Server Key", name), whole, name))


def serve(plain, context):
    try:
        connection = context.wrap_socket(plain, server_side=True) if context else plain
    except (ssl.SSLError, OSError) as error:
        return log(f"tls refused: {getattr(error, 'reason', error)}")
    if context and connection.getpeercert():
        log("certificate " + ",".join(value for part in connection.getpeercert()["subject"] for _, value in part))
    host, port = settings["backend"].rsplit(":", 1)
    try:
        with connection, socket.create_connection((host, int(port))) as backend:
            relay(connection, backend, int(port))
    except (ConnectionError, OSError):
        pass


def relay(connection, backend, backend_port):
    # As older and as newer versions of the protocol write a text of nine bytes.
    forms = [b"\x00\x09127.0.0.1", b"\x0a127.0.0.1"]
    old, new = struct.pack(">i", backend_port), struct.pack(">i", settings["port"])
    authentication, isAllowed = None, "sasl" not in settings
    while True:
        request = read_frame(connection)
        key, version, correlation, length = struct.unpack(">hhih", request[:10])
        body, head = request[10 + max(0, length):], struct.pack(">i", correlation)
        if "rights" in settings and key not in (API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE):
            wanted = kafka_rights.Request(key, version, body)
            note(request[10:10 + max(0, length)].decode(), wanted.rights())
            missing = refused(wanted.rights())
        else:
            wanted, missing = None, []
        if key == API_VERSIONS and version > 0:
            write_frame(connection, head + struct.pack(">hihhh", UNSUPPORTED_VERSION, 1, API_VERSIONS, 0, 0))
        elif key == API_VERSIONS:
            write_frame(backend, request)
            answer = read_frame(backend)
            if "rights" in settings:
                answer = answer[:4] + kafka_rights.capped(answer[4:])
            count = struct.unpack(">i", answer[6:10])[0] + 2
            more = struct.pack(">hhhhhh", SASL_HANDSHAKE, 0, 1, SASL_AUTHENTICATE, 0, 0)
            write_frame(connection, answer[:6] + struct.pack(">i", count) + answer[10:] + more)
        elif key == SASL_HANDSHAKE:
            mechanism = body[2:].decode()
            error = 0 if mechanism in MECHANISMS else UNSUPPORTED_MECHANISM
            log(f"mechanism {mechanism}")
            names = b"".join(text(name) for name in MECHANISMS)
            write_frame(connection, head + struct.pack(">hi", error, len(MECHANISMS)) + names)
            authentication = Authentication(mechanism)
        elif key == SASL_AUTHENTICATE and authentication:
            answer = authentication.step(body[4:])
            if answer is None:
                log(f"refused {authentication.user}")
                reason = "Authentication failed: Invalid username or password"
                write_frame(connection, head + struct.pack(">h", AUTHENTICATION_FAILED) + text(reason) + struct.pack(">i", 0))
                raise ConnectionError("refused")
            if authentication.done:
                log(f"accepted {authentication.user}")
            isAllowed = isAllowed or authentication.done
            write_frame(connection, head + struct.pack(">hhi", 0, -1, len(answer)) + answer)
        elif missing and key != kafka_rights.METADATA:
            refusal = wanted.refusal()
            if refusal is None:
                raise ConnectionError("refused")
            # Clients ask again at once.
            time.sleep(0.05)
            write_frame(connection, head + refusal)
        elif isAllowed:
            write_frame(backend, request)
            answer = read_frame(backend)
            if "open" in settings and wanted and wanted.asks_for_uncommitted_ends():
                topics = open(settings["open"]).read().split()
                answer = answer[:4] + kafka_rights.beyond_open_transactions(answer[4:], version, topics)
            if missing:
                names = [resource.removeprefix("topic ") for resource in missing]
                answer = answer[:4] + kafka_rights.hide(answer[4:], version, names)
            for advertised in forms:
                answer = answer.replace(advertised + old, advertised + new)
            write_frame(connection, answer)
        else:
            log("not authenticated")
            raise ConnectionError("refused")


def main():
    context = None
    if tls := settings.get("tls"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tls["certificate"], tls["key"])
        if clients := tls.get("clients"):
            context.load_verify_locations(clients)
            context.verify_mode = ssl.CERT_REQUIRED
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", settings["port"]))
    listener.listen()
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, context), daemon=True).start()


main()
