import Analysis
import Concurrency
import EventFormats
import Logging
import Processes
import Rollout
import Synchronization
import Testing

@testable import Service

@Suite(.timeLimit(.minutes(5))) struct ControllerServiceTests {
    /// Has nothing until it is closed.
    private final class SilentSource: VerdictSource {
        private let silence = AsyncSemaphore(permits: 0)

        func next() async throws -> VerdictDelivery? {
            _ = await silence.enter()
            try Task.checkCancellation()
            return nil
        }

        func pause() {}
        func resume() {}
        func close() async { silence.close() }
    }

    private struct Nothing: RolloutSink, RolloutHistory, Actuator {
        let name = "nothing"
        func store(_ event: CloudEvent, of release: ReleaseIdentity) async throws {}
        func read(_ body: (CloudEvent?) -> Void) async throws {}
        func handles(_ kind: ActionKind) -> Bool { false }
        func perform(_ action: PlannedAction) async throws(ActuatorError) -> ActuatorOutcome { .done("") }
    }

    @Test("A controller that must not act any more ends; another one is made when the process may act again")
    func loss() async throws {
        let made = Mutex(0)
        let prepared = Mutex(0)
        let lost = AsyncSemaphore(permits: 0)
        let service = ControllerService {
            prepared.withLock { prepared in
                prepared += 1
                return prepared < 3
            }
        } make: {
            made.withLock { $0 += 1 }
            return ControllerService.Parts(
                controller: RolloutController(
                    configuration: RolloutConfiguration(),
                    source: SilentSource(),
                    sink: Nothing(),
                    history: Nothing(),
                    actuator: Nothing(),
                    now: { .now },
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                ),
                trouble: { nil },
                hold: { _ = await lost.enter() }
            )
        }
        let running = Task { try await service.run() }
        try await Waiting.until("the first one runs") { made.withLock { $0 } == 1 && service.trouble == nil }
        lost.leave()
        try await Waiting.until("the second one runs") { made.withLock { $0 } == 2 && service.trouble == nil }
        lost.leave()
        try await running.value
        #expect(made.withLock { $0 } == 2 && prepared.withLock { $0 } == 3)
        #expect(service.trouble != nil)
    }
}
