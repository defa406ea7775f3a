import Analysis
import Concurrency
import EventFormats
import HTTPTransport
import Logging

/// Performs one action: asks the actuator, again and again while the failure may pass and the deadline allows.
struct ActionRunner: Sendable {
    let actuator: any Actuator
    let retry: RetryPolicy
    /// The time for all attempts and the pauses between them.
    let deadline: Duration
    let environment: RetryEnvironment
    /// Held during an attempt, not during a pause: a release that waits does not hold up the others.
    let concurrency: AsyncSemaphore
    /// Without permits; closed when the controller stops.
    let stop: AsyncSemaphore
    let observer: RolloutObserver
    let logger: Logger

    /// Nil when the controller stops before the action has come to an end.
    ///
    /// - Parameter withdrawalReason: asked before each attempt; why the action is not wanted any more, or nil.
    func run(_ action: PlannedAction, dryRun: Bool, withdrawalReason: @Sendable () -> String?) async -> ActionResult? {
        guard action.kind != .none, actuator.handles(action.kind) else {
            return ActionResult(planned: action, outcome: .skipped)
        }
        if dryRun { return ActionResult(planned: action, outcome: .dryRun) }
        let start = environment.elapsed()
        var attempts = 0
        while true {
            guard await concurrency.enter() else { return nil }
            if let withdrawalReason = withdrawalReason() {
                concurrency.leave()
                return ActionResult(
                    planned: action,
                    kind: ActionKind.none,
                    outcome: .skipped,
                    reason: withdrawalReason,
                    attempts: attempts
                )
            }
            let result = await attempt(action)
            concurrency.leave()
            attempts += 1
            let error: ActuatorError
            switch result {
            case .success(let outcome):
                observer(.reachedBackEnd)
                return Self.result(outcome, of: action, attempts: attempts)
            case .failure(let failure): error = failure
            }
            // A failure under cancellation says nothing about the release.
            guard !Task.isCancelled else { return nil }
            observer(error.code == .transient ? .missedBackEnd(error.message) : .reachedBackEnd)
            guard error.code == .transient || error.code == .notYet else {
                return Self.result(error, of: action, attempts: attempts)
            }
            let delay = retry.delay(
                failures: attempts,
                retryAfter: error.retryAfter,
                random: environment.random(),
                unixSeconds: environment.unixSeconds()
            )
            let spent = environment.elapsed() - start
            guard spent + delay < deadline else { return Self.result(error, of: action, attempts: attempts) }
            observer(.retried(action.kind))
            logger.warning(
                "action not performed yet; trying again",
                metadata: action.verdict.logged([
                    "action": "\(action.kind.rawValue)", "reason": "\(error.message)", "attempt": "\(attempts)",
                    "next": "\(delay.compactText)", "giveUpAfter": "\((deadline - spent).compactText)",
                ])
            )
            guard await pause(delay) else { return nil }
        }
    }

    /// The pause after so many failures of anything that is tried again.
    func delay(after failures: Int) -> Duration {
        retry.delay(
            failures: failures,
            retryAfter: nil,
            random: environment.random(),
            unixSeconds: environment.unixSeconds()
        )
    }

    /// Waits; false when the controller stops meanwhile.
    func pause(_ delay: Duration) async -> Bool {
        await withTaskGroup(of: Bool.self) { [environment, stop] group in
            group.addTask {
                do {
                    try await environment.sleep(delay)
                    return true
                } catch {
                    return false
                }
            }
            group.addTask { await stop.enter() }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }

    private func attempt(_ action: PlannedAction) async -> Result<ActuatorOutcome, ActuatorError> {
        do throws(ActuatorError) {
            return .success(try await actuator.perform(action))
        } catch {
            return .failure(error)
        }
    }

    private static func result(_ outcome: ActuatorOutcome, of action: PlannedAction, attempts: Int) -> ActionResult {
        switch outcome {
        case .done(let detail), .alreadyDone(let detail):
            ActionResult(planned: action, outcome: .done, detail: detail, attempts: attempts)
        case .held(let reason):
            ActionResult(planned: action, kind: .hold, outcome: .skipped, reason: reason, attempts: attempts)
        }
    }

    private static func result(_ error: ActuatorError, of action: PlannedAction, attempts: Int) -> ActionResult {
        switch error.code {
        case .superseded:
            ActionResult(
                planned: action,
                kind: ActionKind.none,
                outcome: .skipped,
                reason: error.message,
                attempts: attempts
            )
        case .transient, .notYet, .permanent:
            ActionResult(planned: action, outcome: .failed, detail: error.message, attempts: attempts)
        }
    }
}
