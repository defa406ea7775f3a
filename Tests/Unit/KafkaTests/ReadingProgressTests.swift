import Testing

@testable import Kafka

@Suite("Progress of reading")
struct ReadingProgressTests {
    private let partition = KafkaPartition(topic: "t", partition: 0)
    private let start = ContinuousClock.now

    private func progress(_ places: [(done: Int64, end: Int64, stable: Int64?)]) -> ReadingProgress {
        var progress = ReadingProgress()
        for (index, place) in places.enumerated() {
            let stable = place.stable.map { ",\"ls_offset\":\($0)" } ?? ""
            let json = """
                {"topics":{"t":{"partitions":{"0":{"stored_offset":\(place.done),"hi_offset":\(place.end)\(stable)},
                "1":{"stored_offset":0,"hi_offset":9,"ls_offset":3}}}}}
                """
            guard let library = LibraryStatistics(json: Array(json.utf8)) else { continue }
            progress.record(library, of: [self.partition], now: self.start + .seconds(15 * index))
        }
        return progress
    }

    @Test(
        "A partition waits from when it did not move although there was something",
        arguments: [
            ([(5, 5, nil), (5, 5, nil)], nil), ([(5, 5, nil), (5, 9, nil), (5, 9, nil)], 1),
            ([(5, 9, nil), (5, 9, nil)], 0), ([(5, 9, nil), (7, 9, nil)], 1), ([(5, 9, nil), (9, 9, nil)], nil),
        ] as [([(done: Int64, end: Int64, stable: Int64?)], Int?)]
    )
    func waits(places: [(done: Int64, end: Int64, stable: Int64?)], since: Int?) {
        #expect(self.progress(places).waitingSince == since.map { self.start + .seconds(15 * $0) })
    }

    @Test("A transaction is named when it is still open at the next statistic")
    func transactions() {
        #expect(self.progress([(5, 9, 5)]).openTransactions.isEmpty)
        // Another one each time.
        #expect(self.progress([(5, 9, 5), (6, 9, 6)]).openTransactions.isEmpty)
        #expect(self.progress([(5, 9, 5), (5, 9, 5), (9, 9, 9)]).openTransactions.isEmpty)
        let open = self.progress([(5, 9, 5), (5, 12, 5), (5, 13, 5)])
        let expected = KafkaOpenTransaction(partition: self.partition, offset: 5, since: self.start)
        #expect(open.openTransactions == [expected])
        let sentence = expected.sentence(now: self.start + .seconds(30))
        #expect(sentence.hasPrefix("t[0] can't be read from offset 5 on") && sentence.hasSuffix("30 s"))
        #expect(open.waitingSince == self.start)
    }

    @Test("What holds up reading is named: a transaction that is open, or a standstill of five minutes")
    func obstacles() {
        var statistics = KafkaConsumerStatistics()
        #expect(statistics.standstill(at: self.start) == .zero && statistics.obstacles(at: self.start).isEmpty)
        statistics.waitingSince = self.start
        #expect(statistics.standstill(at: self.start + .seconds(299)) == .seconds(299))
        #expect(statistics.obstacles(at: self.start + .seconds(299)).isEmpty)
        #expect(
            statistics.obstacles(at: self.start + .seconds(300))
                == ["reading has stood still for 300 s although records wait"]
        )
        let open = KafkaOpenTransaction(partition: self.partition, offset: 5, since: self.start)
        statistics.openTransactions = [open]
        let now = self.start + .seconds(400)
        #expect(statistics.obstacles(at: now) == [open.sentence(now: now)])
    }
}
