import Testing

@testable import Kafka

@Suite("Search for the end of a batch that can't be read")
struct UnreadableSearchTests {
    /// A partition as a client sees it that fetches from some offset.
    private struct Partition {
        struct Batch {
            var base: Int64
            var last: Int64
            var isReadable: Bool
        }

        enum Answer: Equatable {
            case failed(base: Int64)
            case record(Int64)
            case end
            /// Nothing at all: behind the beginning of a transaction that is open.
            case silence
        }

        var batches: [Batch]
        var end: Int64
        /// The last stable offset.
        var stable: Int64

        func fetch(_ offset: Int64) -> Answer {
            guard offset < self.stable else { return offset == self.stable ? .end : .silence }
            guard let batch = self.batches.first(where: { $0.last >= offset }), batch.base < self.stable else {
                return .end
            }
            return batch.isReadable ? .record(max(batch.base, offset)) : .failed(base: batch.base)
        }
    }

    @Test("A stored offset behind the end of a topic made anew passes nothing over", arguments: [3, nil])
    func madeAnew(end: Int64?) {
        let search = UnreadableSearch(base: 0, expected: 1000, end: end, reason: "")
        #expect(search.probe == (end == nil ? 1000 : 0))
    }

    private func partition(_ sizes: [(count: Int64, isReadable: Bool)]) -> Partition {
        var next: Int64 = 0
        let batches = sizes.map { size in
            defer { next += size.count }
            return Partition.Batch(base: next, last: next + size.count - 1, isReadable: size.isReadable)
        }
        return Partition(batches: batches, end: next, stable: next)
    }

    /// What is found from an offset on that can't be read, and in how many fetches.
    private func search(_ partition: Partition, from expected: Int64) -> (found: Range<Int64>?, fetches: Int) {
        guard case .failed(let base) = partition.fetch(expected) else { return (nil, 1) }
        var search = UnreadableSearch(base: base, expected: expected, end: partition.end, reason: "")
        for fetches in 2..<1000 {
            let step: UnreadableSearch.Step
            switch partition.fetch(search.probe) {
            case .failed(let base): step = search.failed(base: base)
            case .record, .end: step = search.worked()
            case .silence:
                guard let next = search.waited() else { return (nil, fetches) }
                step = next
            }
            switch step {
            case .fetch(let offset): #expect(offset == search.probe)
            case .found(let offsets): return (offsets, fetches)
            case .nothing: return (nil, fetches)
            }
        }
        return (nil, 1000)
    }

    @Test(
        "The end is found to the record",
        arguments: [
            ([(1, false)], 0, 0..<1), ([(1, false), (1, true)], 0, 0..<1), ([(1, false), (1, false)], 0, 0..<1),
            ([(3, true), (1, false), (9, true)], 3, 3..<4), ([(10, false), (10, true)], 0, 0..<10),
            ([(10, false), (10, true)], 7, 7..<10), ([(10, false), (3, false), (5, true)], 0, 0..<10),
            ([(1000, false)], 0, 0..<1000), ([(1_000_000, false), (1, true)], 0, 0..<1_000_000),
        ] as [([(count: Int64, isReadable: Bool)], Int64, Range<Int64>)]
    )
    func ends(sizes: [(count: Int64, isReadable: Bool)], from: Int64, expected: Range<Int64>) {
        let (found, fetches) = self.search(self.partition(sizes), from: from)
        #expect(found == expected)
        #expect(fetches < 50)
    }

    @Test("One bad record takes no more than two fetches that fail")
    func single() {
        #expect(self.search(self.partition([(1, false), (5, true)]), from: 0).fetches == 3)
        #expect(self.search(self.partition([(1, false)]), from: 0).fetches == 2)
    }

    @Test("Whatever stands on a partition, what can be read is not passed over")
    func anything() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let sizes = (0..<Int.random(in: 1...8, using: &generator)).map { _ in
                (count: Int64.random(in: 1...40, using: &generator), isReadable: Bool.random(using: &generator))
            }
            var partition = self.partition(sizes)
            // Compaction leaves gaps.
            for index in partition.batches.indices where Bool.random(using: &generator) {
                let batch = partition.batches[index]
                partition.batches[index].last = Int64.random(in: batch.base...batch.last, using: &generator)
            }
            let stable = partition.batches[Int.random(in: 0..<sizes.count, using: &generator)]
            if Bool.random(using: &generator) { partition.stable = stable.last + 1 }
            for batch in partition.batches where !batch.isReadable && batch.last < partition.stable {
                let from = Int64.random(in: batch.base...batch.last, using: &generator)
                let found = self.search(partition, from: from).found
                // Offsets of a gap behind the batch may count as its own.
                let next = partition.batches.first { $0.base > batch.last }?.base ?? partition.end
                #expect(found?.lowerBound == from, "\(partition) \(from)")
                #expect((batch.last + 1...next).contains(found?.upperBound ?? 0), "\(partition) \(from)")
            }
        }
    }

    @Test("What can be read at the second fetch is no loss")
    func passing() {
        var search = UnreadableSearch(base: 4, expected: 4, end: 9, reason: "")
        #expect(search.probe == 4)
        #expect(search.worked() == .nothing)
    }

    @Test("Without an end of the partition one offset is passed over, and never more than there are")
    func withoutEnd() {
        var search = UnreadableSearch(base: 4, expected: nil, end: nil, reason: "")
        #expect(search.failed(base: 4) == .found(4..<5))
        var last = UnreadableSearch(base: .max, expected: nil, end: .max, reason: "")
        #expect(last.failed(base: .max) == .found(.max ..< .max))
    }
}
