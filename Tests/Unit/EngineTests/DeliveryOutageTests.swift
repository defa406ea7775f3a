import Analysis
import Store
import Testing

@testable import Engine

@Suite struct DeliveryOutageTests {
    private let now = EngineHarness.start
    private let log = CollectedLog()
    private let down = DeliveryFailure("broker down", isTransient: true)

    private func result(_ id: String, key: String) throws -> DeliveryResult {
        let verdict = AnalysisSession.rejected(
            id: id,
            event: EngineHarness.event(id),
            ending: .noPlan("none matches"),
            receivedAt: now,
            at: now
        ).verdict
        var message = try #require(
            OutboxComposer(sinks: [.verdicts], encoding: EngineHarness.encoding).decided(verdict).first
        )
        message.key = key
        return DeliveryResult(message, .failure(down))
    }

    @Test func anOutageIsTwoLinesHoweverManyMessagesWait() throws {
        let outage = DeliveryOutage(sink: "verdicts", logger: log.logger)
        for number in 0..<100 {
            outage.failed(try result("\(number)", key: "a\(number % 7)"), down, shard: number % 4, at: now)
        }
        #expect(log.all.count == 1)
        for number in 0..<28 {
            outage.settled(key: "a\(number % 7)", shard: number % 4, at: now + .seconds(20))
        }
        #expect(
            log.all == [
                "warning: outbox messages are not delivered; trying again attempt=1 error=broker down failures=1"
                    + " id=0/final sink=verdicts",
                "notice: outbox messages are delivered again after=20s failures=100 sink=verdicts",
            ]
        )
    }

    @Test func oneThatLastsIsSpokenOfEveryTenMinutesAndOthersThatArriveDoNotEndIt() throws {
        let outage = DeliveryOutage(sink: "verdicts", logger: log.logger)
        let poisoned = try result("1", key: "poisoned")
        for minute in 0...25 {
            outage.failed(poisoned, down, shard: 0, at: now + .seconds(60 * minute))
            outage.settled(key: "other", shard: 0, at: now + .seconds(60 * minute))
        }
        #expect(log.count(of: "are not delivered") == 3)
        #expect(log.count(of: "delivered again") == 0)
        // Another replica takes the shard: it speaks of it from then on.
        outage.left(shard: 0, at: now + .seconds(1600))
        #expect(log.count(of: "delivered again") == 1)
    }
}
