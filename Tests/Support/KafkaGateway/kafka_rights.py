"""What requests of Kafka's protocol need by way of rights, and the answers of a broker that refuses them.

The rights are those of Kafka's own authorizer. Requests are read in the last versions before flexible ones, to which
`capped` holds clients.
"""

import struct

PRODUCE, FETCH, LIST_OFFSETS, METADATA, OFFSET_COMMIT, OFFSET_FETCH, FIND_COORDINATOR = 0, 1, 2, 3, 8, 9, 10
JOIN_GROUP, HEARTBEAT, LEAVE_GROUP, SYNC_GROUP, CREATE_TOPICS = 11, 12, 13, 14, 19
INIT_PRODUCER_ID, ADD_PARTITIONS, END_TRANSACTION = 22, 24, 26
LATEST = {
    PRODUCE: 7, FETCH: 11, LIST_OFFSETS: 5, METADATA: 2, OFFSET_COMMIT: 7, OFFSET_FETCH: 5, FIND_COORDINATOR: 2,
    JOIN_GROUP: 5, HEARTBEAT: 3, LEAVE_GROUP: 1, SYNC_GROUP: 3, INIT_PRODUCER_ID: 1, ADD_PARTITIONS: 1, END_TRANSACTION: 1,
}
TOPIC_REFUSED, GROUP_REFUSED, CLUSTER_REFUSED, TRANSACTIONAL_ID_REFUSED = 29, 30, 31, 53


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def number(self, form):
        (value,) = struct.unpack_from(">" + form, self.data, self.at)
        self.at += struct.calcsize(">" + form)
        return value

    def text(self):
        length = self.number("h")
        if length < 0:
            return None
        self.at += length
        return self.data[self.at - length:self.at].decode()

    def skip_bytes(self):
        self.at += max(0, self.number("i"))

    def many(self, read):
        return [read() for _ in range(max(0, self.number("i")))]


def text(value):
    return struct.pack(">h", -1) if value is None else struct.pack(">h", len(value)) + value.encode()


def many(items, write):
    return struct.pack(">i", len(items)) + b"".join(write(item) for item in items)


def capped(versions):
    """The body of an answer to ApiVersions v0, held to the versions that are read here."""
    reader = Reader(versions)
    error = reader.number("h")
    kept = reader.many(lambda: (reader.number("h"), reader.number("h"), reader.number("h")))
    return struct.pack(">h", error) + many(
        kept, lambda item: struct.pack(">hhh", item[0], item[1], min(item[2], LATEST.get(item[0], item[2])))
    )


def partitions(reader, read):
    return reader.many(lambda: (reader.text(), reader.many(read)))


class Request:
    """What a request asks for; `topics` is a list of names and partitions."""

    def __init__(self, key, version, body):
        self.key, self.version, self.topics, self.name = key, version, [], None
        reader = Reader(body)
        parse = {
            PRODUCE: self.produce, FETCH: self.fetch, LIST_OFFSETS: self.list_offsets, METADATA: self.metadata,
            FIND_COORDINATOR: self.find_coordinator, ADD_PARTITIONS: self.add_partitions,
        }.get(key)
        if parse:
            parse(reader)
        elif key in (OFFSET_COMMIT, OFFSET_FETCH, JOIN_GROUP, HEARTBEAT, LEAVE_GROUP, SYNC_GROUP, INIT_PRODUCER_ID, END_TRANSACTION):
            self.name = reader.text()
        elif key == CREATE_TOPICS:
            self.topics = [(reader.text(), [])] if reader.number("i") > 0 else []

    def produce(self, reader):
        self.name = reader.text() if self.version >= 3 else None
        reader.number("h"), reader.number("i")

        def partition():
            number = reader.number("i")
            reader.skip_bytes()
            return number

        self.topics = partitions(reader, partition)

    def fetch(self, reader):
        for form in "iii" + ("i" if self.version >= 3 else "") + ("b" if self.version >= 4 else ""):
            reader.number(form)
        if self.version >= 7:
            reader.number("i"), reader.number("i")

        def partition():
            number = reader.number("i")
            if self.version >= 9:
                reader.number("i")
            reader.number("q")
            if self.version >= 5:
                reader.number("q")
            reader.number("i")
            return number

        self.topics = partitions(reader, partition)

    def list_offsets(self, reader):
        reader.number("i")
        self.isCommitted = self.version >= 2 and reader.number("b") == 1
        self.times = []

        def partition():
            number = reader.number("i")
            if self.version >= 4:
                reader.number("i")
            self.times.append(reader.number("q"))
            if self.version == 0:
                reader.number("i")
            return number

        self.topics = partitions(reader, partition)

    def asks_for_uncommitted_ends(self):
        return self.key == LIST_OFFSETS and not self.isCommitted and set(self.times) == {-1}

    def metadata(self, reader):
        self.topics = [(name, []) for name in reader.many(reader.text)]

    def find_coordinator(self, reader):
        self.name = reader.text()
        self.kind = reader.number("b") if self.version >= 1 else 0

    def add_partitions(self, reader):
        self.name = reader.text()
        reader.number("q"), reader.number("h")
        self.topics = partitions(reader, lambda: reader.number("i"))

    def rights(self):
        """(operation, resource) of everything that the request needs."""
        topics = {PRODUCE: "WRITE", FETCH: "READ", ADD_PARTITIONS: "WRITE", CREATE_TOPICS: "CREATE"}.get(self.key, "DESCRIBE")
        needed = [(topics, f"topic {name}") for name, _ in self.topics]
        if self.key == FIND_COORDINATOR:
            needed.append(("DESCRIBE", ("transactional id " if self.kind else "group ") + self.name))
        elif self.key == OFFSET_FETCH:
            needed.append(("DESCRIBE", f"group {self.name}"))
        elif self.key in (OFFSET_COMMIT, JOIN_GROUP, HEARTBEAT, LEAVE_GROUP, SYNC_GROUP):
            needed.append(("READ", f"group {self.name}"))
        elif self.key == INIT_PRODUCER_ID and self.name is None:
            needed.append(("IDEMPOTENT_WRITE", "cluster"))
        elif self.key in (PRODUCE, INIT_PRODUCER_ID, ADD_PARTITIONS, END_TRANSACTION) and self.name:
            needed.append(("WRITE", f"transactional id {self.name}"))
        return needed

    def refusal(self):
        """The body of the answer that refuses the whole request; None where none is known."""
        throttle = struct.pack(">i", 0)
        if self.key == FIND_COORDINATOR:
            error = TRANSACTIONAL_ID_REFUSED if self.kind else GROUP_REFUSED
            head = throttle + struct.pack(">h", error) + text(None) if self.version >= 1 else struct.pack(">h", error)
            return head + struct.pack(">i", -1) + text("") + struct.pack(">i", -1)
        if self.key == INIT_PRODUCER_ID:
            error = TRANSACTIONAL_ID_REFUSED if self.name else CLUSTER_REFUSED
            return throttle + struct.pack(">hqh", error, -1, -1)
        if self.key == PRODUCE:
            return self.each(
                lambda number: struct.pack(">ihq", number, TOPIC_REFUSED, -1)
                + (struct.pack(">q", -1) if self.version >= 2 else b"")
                + (struct.pack(">q", -1) if self.version >= 5 else b"")
            ) + (throttle if self.version >= 1 else b"")
        if self.key == FETCH:
            head = (throttle if self.version >= 1 else b"") + (struct.pack(">hi", 0, 0) if self.version >= 7 else b"")
            return head + self.each(
                lambda number: struct.pack(">ihq", number, TOPIC_REFUSED, -1)
                + (struct.pack(">q", -1) if self.version >= 4 else b"")
                + (struct.pack(">q", -1) if self.version >= 5 else b"")
                + (struct.pack(">i", 0) if self.version >= 4 else b"")
                + (struct.pack(">i", -1) if self.version >= 11 else b"")
                + struct.pack(">i", 0)
            )
        if self.key == LIST_OFFSETS:
            return (throttle if self.version >= 2 else b"") + self.each(
                lambda number: struct.pack(">ih", number, TOPIC_REFUSED)
                + (struct.pack(">i", 0) if self.version == 0 else struct.pack(">qq", -1, -1))
                + (struct.pack(">i", -1) if self.version >= 4 else b"")
            )
        if self.key == ADD_PARTITIONS:
            return throttle + self.each(lambda number: struct.pack(">ih", number, TOPIC_REFUSED))
        return None

    def each(self, write):
        return many(self.topics, lambda topic: text(topic[0]) + many(topic[1], write))


def hide(answer, version, refused):
    """The body of an answer to Metadata without the topics that may not be described."""
    reader = Reader(answer)
    reader.many(lambda: (reader.number("i"), reader.text(), reader.number("i"), reader.text() if version >= 1 else None))
    if version >= 2:
        reader.text()
    if version >= 1:
        reader.number("i")
    head = answer[:reader.at]

    def topic():
        start = reader.at
        reader.number("h")
        name = reader.text()
        internal = reader.number("b") if version >= 1 else 0
        reader.many(
            lambda: (reader.number("h"), reader.number("i"), reader.number("i"))
            and (reader.many(lambda: reader.number("i")), reader.many(lambda: reader.number("i")))
        )
        if name not in refused:
            return answer[start:reader.at]
        flag = struct.pack(">b", internal) if version >= 1 else b""
        return struct.pack(">h", TOPIC_REFUSED) + text(name) + flag + struct.pack(">i", 0)

    return head + many(reader.many(topic), lambda entry: entry)


def allows(granted, operation, resource):
    """Whether rights such as `READ topic a` or `WRITE transactional id b-*` allow an operation."""

    def names(right, wanted):
        return wanted.startswith(right[:-1]) if right.endswith("*") else right == wanted

    if operation == "IDEMPOTENT_WRITE":
        # As brokers have it since 2.8.
        return any(right == "IDEMPOTENT_WRITE cluster" or right.startswith("WRITE topic ") for right in granted)
    enough = (operation, "READ", "WRITE") if operation == "DESCRIBE" else (operation,)
    return any(names(right, f"{each} {resource}") for each in enough for right in granted)


def beyond_open_transactions(answer, version, topics):
    """The body of an answer to ListOffsets where a transaction of one record is open at the end of some topics."""
    reader = Reader(answer)
    head = struct.pack(">i", reader.number("i")) if version >= 2 else b""

    def partition():
        number, error, time, offset = (reader.number(form) for form in "ihqq")
        return number, error, time, offset, reader.number("i") if version >= 4 else None

    def written(name, item):
        number, error, time, offset, epoch = item
        behind = offset + 1 if name in topics and offset >= 0 else offset
        return struct.pack(">ihqq", number, error, time, behind) + (b"" if epoch is None else struct.pack(">i", epoch))

    def topic(entry):
        name, items = entry
        return text(name) + many(items, lambda item: written(name, item))

    return head + many(partitions(reader, partition), topic)
