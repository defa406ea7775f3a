import Analysis
package import Engine
import EventFormats
package import Kafka
package import Logging
import Rollout
import ServiceLifecycle
import Synchronization

/// Keeps what controllers have written on the topic of rollout events beside its sessions, so that `GET /v1/sessions/{id}`
/// shows it, as it shows what controllers hand in over HTTP.
///
/// Nothing is decided by it. So it takes a right on the brokers that a process can do without: where that is missing, one
/// line says so, and the actions are not shown.
package final class RolloutTopicIntake: Service {
    package struct Options: Sendable {
        /// How far back is read at the start: what was written while no replica ran.
        package var reach = Duration.seconds(7 * 86_400)
        /// A reader does not see partitions that are added, so another one is opened now and then.
        package var term = Duration.seconds(3600)
        /// The pauses after failures.
        package var pauses: ClosedRange<Duration> = .seconds(1)...(.seconds(60))

        package init() {}
    }

    private let actions: ActionKeeper
    private let options: Options
    private let open: @Sendable (KafkaReader.Start) throws -> KafkaReader
    private let logger: Logger
    private let failure = Mutex<String?>(nil)

    /// - Parameter open: makes a reader of the topic. Its own troubles should not be those of the process.
    package init(
        actions: ActionKeeper,
        options: Options = Options(),
        logger: Logger,
        open: @escaping @Sendable (KafkaReader.Start) throws -> KafkaReader
    ) {
        self.actions = actions
        self.options = options
        self.logger = logger
        self.open = open
    }

    /// Why actions are not shown; nil when they are.
    package var trouble: String? { failure.withLock { $0 } }

    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.readOn() }
    }

    private func readOn() async {
        var pause = options.pauses.lowerBound
        var reach = options.reach
        while !Task.isCancelled {
            do {
                try await read(back: reach)
                pause = options.pauses.lowerBound
                // What the next reader repeats is dropped by the store.
                reach = min(options.reach, .seconds(600))
            } catch {
                guard !Task.isCancelled else { return }
                note("\(error)")
                do { try await Task.sleep(for: pause) } catch { return }
                pause = min(pause * 2, options.pauses.upperBound)
            }
        }
    }

    private func read(back reach: Duration) async throws {
        let since = (Timestamp.now - reach).milliseconds
        let reader = try open(.time(since))
        do {
            try await reader.start()
            note(nil)
            let end = ContinuousClock.now + options.term
            while ContinuousClock.now < end {
                guard let record = try await reader.next(timeout: end - ContinuousClock.now) else { break }
                try await keep(record)
            }
            await reader.close()
        } catch {
            await reader.close()
            throw error
        }
    }

    /// Other programs may write to the topic, and sessions are not kept for ever: what has no session here is left out.
    private func keep(_ record: KafkaRecord) async throws {
        guard let event = try? record.event(), let action = try? RolloutEvent.decode(event) else { return }
        _ = try await actions.keep(action, from: event)
    }

    /// One line for each reason, and one when it has passed.
    private func note(_ reason: String?) {
        let before = failure.withLock { failure in
            defer { failure = reason }
            return failure
        }
        guard reason != before else { return }
        if let reason {
            logger.warning(
                "what rollout controllers did is not read from its topic, and not shown; nothing else depends on it",
                metadata: ["error": "\(reason)"]
            )
        } else if before != nil {
            logger.notice("what rollout controllers did is read from its topic again")
        }
    }
}
