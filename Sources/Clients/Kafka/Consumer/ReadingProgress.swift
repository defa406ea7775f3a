/// Whether the partitions of a consumer get anywhere, from one statistic of the library to the next. No clock.
struct ReadingProgress {
    typealias Instant = ContinuousClock.Instant

    private struct Place {
        var done: Int64?
        /// Since when nothing was dealt with although something waits.
        var waiting: Instant?
        var transaction: KafkaOpenTransaction?
        /// It was there at the last statistic too: Assay's own end within a second.
        var isLong = false
    }

    private var places: [KafkaPartition: Place] = [:]

    mutating func record(_ library: LibraryStatistics, of assignment: Set<KafkaPartition>, now: Instant) {
        var next: [KafkaPartition: Place] = [:]
        for partition in assignment {
            guard let known = library.partitions[partition] else { continue }
            var place = self.places[partition] ?? Place()
            let moved = place.done != known.done
            place.done = known.done
            if known.lag ?? 0 == 0 {
                place.waiting = nil
            } else if moved || place.waiting == nil {
                place.waiting = now
            }
            if let stable = known.openFrom {
                place.isLong = place.transaction?.offset == stable
                if !place.isLong {
                    place.transaction = KafkaOpenTransaction(partition: partition, offset: stable, since: now)
                }
            } else {
                place.transaction = nil
                place.isLong = false
            }
            next[partition] = place
        }
        self.places = next
    }

    /// Since when the partition that has waited longest has not moved; nil while all do, or nothing waits.
    var waitingSince: Instant? { self.places.values.compactMap(\.waiting).min() }

    /// Transactions that were open at the last two statistics.
    var openTransactions: [KafkaOpenTransaction] {
        self.places.values.filter(\.isLong).compactMap(\.transaction).sorted { $0.partition < $1.partition }
    }
}

/// A transaction that holds up everything behind its beginning, of any writer.
package struct KafkaOpenTransaction: Sendable, Equatable {
    package var partition: KafkaPartition
    /// The first offset that is held up.
    package var offset: Int64
    /// When it was noticed.
    package var since: ContinuousClock.Instant

    package init(partition: KafkaPartition, offset: Int64, since: ContinuousClock.Instant) {
        self.partition = partition
        self.offset = offset
        self.since = since
    }

    /// For a person.
    package func sentence(now: ContinuousClock.Instant) -> String {
        "\(self.partition) can't be read from offset \(self.offset) on: a transaction of one of its writers has been open"
            + " there for \(self.since.duration(to: now).components.seconds) s"
    }
}
