import Analysis
import Concurrency
import Synchronization

@testable import Rollout

/// Answers from a script by application; done when the script is silent.
final class FakeActuator: Actuator {
    typealias Answer = Result<ActuatorOutcome, ActuatorError>

    let name: String
    private let script: Mutex<[String: [Answer]]>
    let performed = Collector<PlannedAction>()
    /// When set, each action waits here before it is answered.
    private let hold: AsyncSemaphore?
    private let running = Mutex((now: 0, most: 0))

    init(_ script: [String: [Answer]] = [:], hold: AsyncSemaphore? = nil, name: String = "fake") {
        self.script = Mutex(script)
        self.hold = hold
        self.name = name
    }

    var mostAtATime: Int { running.withLock { $0.most } }

    func handles(_ kind: ActionKind) -> Bool { kind.changesRelease }

    func perform(_ action: PlannedAction) async throws(ActuatorError) -> ActuatorOutcome {
        running.withLock { running in
            running.now += 1
            running.most = max(running.most, running.now)
        }
        defer { running.withLock { $0.now -= 1 } }
        performed.add(action)
        if let hold { _ = await hold.enter() }
        let answer: Answer? = script.withLock { script in
            guard var answers = script[action.verdict.application], !answers.isEmpty else { return nil }
            let answer = answers.removeFirst()
            script[action.verdict.application] = answers
            return answer
        }
        return try (answer ?? .success(.done("Done."))).get()
    }
}
