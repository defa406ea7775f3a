package import Concurrency
import Foundation
import HTTPTransport
import JSON
package import Logging
import Synchronization

/// The name under which a controller reads verdicts over HTTP, leased from the service: one process at a time has it, and
/// only that one acts.
///
/// A process counts its lease from before it asked, the service from when it was asked: so a process gives up before
/// another one can begin.
package final class ServiceReaderLease: Sendable {
    private struct State: Sendable {
        /// Until when the name is held, by the clock of this process.
        var heldUntil: Duration?
        var trouble: String? = "the name of the reader is not held yet"
    }

    /// How an attempt to lease the name ended.
    private enum Outcome {
        case held
        /// The name is another process's now: this one must not act.
        case refused(String)
        case unanswered(String)
    }

    private let connection: ServiceConnection
    private let reader: String
    private let holder: String
    private let term: Duration
    private let environment: RetryEnvironment
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameters:
    ///   - holder: tells this process from all others.
    ///   - term: how long the name stays with a process that does not renew it.
    package init(
        connection: ServiceConnection,
        reader: String,
        holder: String = ServiceReaderLease.holder(),
        term: Duration = .seconds(45),
        environment: RetryEnvironment = .system,
        logger: Logger
    ) {
        self.connection = connection
        self.reader = reader
        self.holder = holder
        self.term = term
        self.environment = environment
        self.logger = logger
    }

    /// Names the host, and a number that no other process has.
    package static func holder(host: String = ProcessInfo.processInfo.hostName) -> String {
        let name = host.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        return "\(name.suffix(100))/\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }

    /// Why this process does not act; nil while it holds the name.
    package var trouble: String? { state.withLock { $0.trouble } }

    /// Whether an action may be begun: a third of the term is left for it.
    package var mayAct: Bool {
        let now = environment.elapsed()
        return state.withLock { $0.heldUntil.map { now < $0 - term / 3 } ?? false }
    }

    /// Returns once the name is held; false when the task is cancelled before.
    package func acquire() async -> Bool {
        var said: String?
        while !Task.isCancelled {
            switch await lease() {
            case .held:
                logger.info("verdicts are read by this process", metadata: ["reader": "\(reader)", "as": "\(holder)"])
                return true
            case .refused(let reason):
                if said != "refused" {
                    logger.info("standing by: another process reads verdicts", metadata: ["reason": "\(reason)"])
                }
                said = "refused"
            case .unanswered(let reason):
                if said != "unanswered" {
                    logger.warning(
                        "the name of the reader cannot be leased; not acting, trying again",
                        metadata: ["error": "\(reason)"]
                    )
                }
                said = "unanswered"
            }
            do { try await environment.sleep(term / 3) } catch { return false }
        }
        return false
    }

    /// Renews the lease; returns when it is lost, or the task is cancelled.
    package func hold() async {
        while !Task.isCancelled {
            do { try await environment.sleep(term / 9) } catch { return }
            switch await lease() {
            case .held: continue
            case .refused(let reason):
                logger.warning(
                    "another process reads verdicts now; this one ends what it does",
                    metadata: ["reason": "\(reason)"]
                )
                return
            case .unanswered(let reason):
                let now = environment.elapsed()
                guard state.withLock({ $0.heldUntil.map { $0 <= now } ?? true }) else { continue }
                logger.warning(
                    "the name of the reader could not be leased again in time; not acting",
                    metadata: ["error": "\(reason)"]
                )
                return
            }
        }
    }

    /// Lets another process begin at once.
    package func release() async {
        let isHeld = state.withLock { state in
            defer { state.heldUntil = nil }
            return state.heldUntil != nil
        }
        guard isHeld else { return }
        _ = try? await connection.send(.put, path, body: body(seconds: 0))
    }

    private func lease() async -> Outcome {
        let asked = environment.elapsed()
        let outcome: Outcome
        do throws(ServiceFailure) {
            let answer = try await connection.send(.put, path, body: body(seconds: term.components.seconds))
            if answer.status == 404 {
                outcome = .unanswered("\(connection.url) keeps no leases: it is older than this controller")
            } else if answer.body["holder"]?.text == holder {
                outcome = .held
            } else {
                outcome = .unanswered("\(connection.url) did not say who holds the name")
            }
        } catch {
            outcome = error.status == 409 ? .refused(error.description) : .unanswered(error.description)
        }
        state.withLock { state in
            switch outcome {
            case .held:
                state.heldUntil = asked + term
                state.trouble = nil
            case .refused(let reason):
                state.heldUntil = nil
                state.trouble = "this process stands by: \(reason)"
            case .unanswered(let reason):
                guard state.heldUntil.map({ $0 <= environment.elapsed() }) ?? true else { return }
                state.heldUntil = nil
                state.trouble = reason
            }
        }
        return outcome
    }

    private var path: String { "/v1/verdicts/readers/\(PercentEncoding.encode(reader))/lease" }

    private func body(seconds: Int64) -> [UInt8] {
        JSONValue.object(["holder": .string(holder), "seconds": .number("\(seconds)")]).jsonBytes
    }
}
