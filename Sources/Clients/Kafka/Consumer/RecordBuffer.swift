import DequeModule

/// Records that were fetched and not handed out yet, bounded in number and bytes.
struct RecordBuffer {
    private var records: Deque<KafkaRecord> = []
    private(set) var bytes = 0
    let maximumRecords: Int
    let maximumBytes: Int

    init(maximumRecords: Int, maximumBytes: Int) {
        self.maximumRecords = maximumRecords
        self.maximumBytes = maximumBytes
    }

    var count: Int { self.records.count }
    var isEmpty: Bool { self.records.isEmpty }
    /// Nothing more should be fetched.
    var isFull: Bool { self.count >= self.maximumRecords || self.bytes >= self.maximumBytes }
    /// So much was taken out that fetching should go on.
    var isLow: Bool { self.count <= self.maximumRecords / 2 && self.bytes <= self.maximumBytes / 2 }

    mutating func append(_ record: KafkaRecord) {
        self.records.append(record)
        self.bytes += record.retainedBytes
    }

    /// Takes records from the front, at least one if there is any, up to a number and a size.
    mutating func removeFirst(records limit: Int, bytes maximum: Int) -> [KafkaRecord] {
        var taken: [KafkaRecord] = []
        var size = 0
        while taken.count < limit, let next = self.records.first {
            let cost = next.retainedBytes
            if !taken.isEmpty, size + cost > maximum { break }
            self.records.removeFirst()
            self.bytes -= cost
            size += cost
            taken.append(next)
        }
        return taken
    }

    /// Drops the records of partitions that are no longer ours.
    mutating func remove(_ gone: Set<KafkaPartition>) {
        self.records.removeAll { gone.contains($0.source) }
        self.bytes = self.records.reduce(0) { $0 + $1.retainedBytes }
    }

    mutating func removeAll() {
        self.records = []
        self.bytes = 0
    }
}
