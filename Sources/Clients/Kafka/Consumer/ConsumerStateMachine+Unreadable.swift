/// What stands where reading goes on, and what has to be fetched anew.
struct ConsumerPassage {
    /// In order, with one for each stretch that can't be read.
    var records: [KafkaRecord] = []
    /// Where partitions are to be read from instead.
    var seeks: [KafkaPartition: Int64] = [:]
}

/// Partitions that stand before something that the library can't decompress or parse.
extension ConsumerStateMachine {
    /// How long a fetch that is part of a search may bring nothing.
    static let searchPatience = Duration.seconds(5)

    struct PendingSearch {
        var search: UnreadableSearch
        var since: Instant
    }

    /// The library has met something that it can't read.
    ///
    /// - Parameters:
    ///   - base: where that begins.
    ///   - end: the end of the partition.
    mutating func metUnreadable(
        _ partition: KafkaPartition,
        base: Int64,
        end: Int64?,
        reason: String,
        now: Instant
    ) -> ConsumerPassage {
        guard self.holds(partition) else { return ConsumerPassage() }
        guard var pending = self.searches[partition] else {
            // What a network has spoiled is whole the next time.
            let search = UnreadableSearch(
                base: base,
                expected: self.nextOffset(of: partition),
                end: end,
                reason: reason
            )
            self.searches[partition] = PendingSearch(search: search, since: now)
            return ConsumerPassage(seeks: [partition: search.probe])
        }
        let step = pending.search.failed(base: base)
        return self.follow(step, pending, partition, isThere: false, now: now)
    }

    /// Takes out what answers a search. Records of other partitions pass.
    mutating func pass(_ records: [KafkaRecord], now: Instant) -> ConsumerPassage {
        guard !self.searches.isEmpty else { return ConsumerPassage(records: records) }
        var passage = ConsumerPassage()
        for record in records {
            guard var pending = self.searches[record.source] else {
                passage.records.append(record)
                continue
            }
            // Fetched before the last answer.
            guard passage.seeks[record.source] == nil, record.offset >= pending.search.probe else { continue }
            let step = pending.search.worked()
            let part = self.follow(step, pending, record.source, isThere: true, now: now)
            passage.records += part.records
            passage.seeks.merge(part.seeks) { $1 }
            if part.seeks.isEmpty { passage.records.append(record) }
        }
        return passage
    }

    /// Nothing stands behind where a fetch began.
    mutating func passEnd(of partition: KafkaPartition, at offset: Int64, now: Instant) -> ConsumerPassage {
        guard var pending = self.searches[partition], offset >= pending.search.probe else { return ConsumerPassage() }
        let step = pending.search.worked()
        return self.follow(step, pending, partition, isThere: true, now: now)
    }

    /// Searches that have waited for long go on elsewhere.
    mutating func hurrySearches(now: Instant) -> ConsumerPassage {
        var passage = ConsumerPassage()
        for (partition, pending) in self.searches
        where pending.since + Self.searchPatience <= now && !self.isHeld(partition) {
            var search = pending.search
            guard case .fetch(let offset)? = search.waited() else { continue }
            self.searches[partition] = PendingSearch(search: search, since: now)
            passage.seeks[partition] = offset
        }
        return passage
    }

    /// - Parameter isThere: reading stands behind what was found already.
    private mutating func follow(
        _ step: UnreadableSearch.Step,
        _ pending: PendingSearch,
        _ partition: KafkaPartition,
        isThere: Bool,
        now: Instant
    ) -> ConsumerPassage {
        switch step {
        case .fetch(let offset):
            self.searches[partition] = PendingSearch(search: pending.search, since: now)
            return ConsumerPassage(seeks: [partition: offset])
        case .nothing:
            self.searches[partition] = nil
            return ConsumerPassage()
        case .found(let offsets):
            self.searches[partition] = nil
            self.unreadableStretches += 1
            let record = KafkaRecord(
                topic: partition.topic,
                partition: partition.partition,
                offset: offsets.lowerBound,
                unreadable: KafkaRecord.Unreadable(end: offsets.upperBound, reason: pending.search.reason)
            )
            return ConsumerPassage(records: [record], seeks: isThere ? [:] : [partition: offsets.upperBound])
        }
    }
}
