import Analysis
import Engine
import Store
import Testing

@Suite(.timeLimit(.minutes(5))) struct AnsweringTests {
    /// However many events wait, sessions that are due get their turn between them.
    @Test func aFloodOfEventsIsAnsweredInParts() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            let clock = ManualClock(EngineHarness.start)
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, answersAtOnce: 3)
            let events = (0..<10).map { number in
                ReceivedEvent(event: EngineHarness.event("\(number)", version: "\(number)"), receivedAt: clock.now())
            }
            _ = try await harness.store.receive(events)
            let first = try await harness.engine.answerInbox(atMost: 2)
            #expect(first.count == 6)
            #expect(!first.isEmpty)
            let second = try await harness.engine.answerInbox(atMost: 2)
            #expect(second.count == 4)
            #expect(second.isEmpty)
            #expect(try await harness.store.waitingEvents().count == 0)
            await harness.store.close()
        }
    }
}
