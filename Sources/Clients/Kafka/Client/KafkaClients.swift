import Logging
import Synchronization

/// The running clients of a process: they share a SASL password, which may be replaced, and what troubles them is counted
/// and logged once for all of them.
package final class KafkaClients: Sendable, Equatable {
    private struct State {
        var password: String?
        var running: [ObjectIdentifier: (client: NativeClient, username: String?)] = [:]
        var failures: [KafkaError.Code: Int] = [:]
        var outages = OutageBook()
    }

    private let state: Mutex<State>
    /// So that what works need not take the lock to say so.
    private let isTroubled = Atomic(false)

    /// - Parameter password: goes before the property `sasl.password`; nil to leave it to that.
    package init(password: String? = nil) {
        self.state = Mutex(State(password: password))
    }

    package static func == (left: KafkaClients, right: KafkaClients) -> Bool { left === right }

    /// What clients have met, such as brokers out of reach, refused rights or lost records, by kind.
    package var failures: [KafkaError.Code: Int] { self.state.withLock { $0.failures } }

    /// What the brokers refuse now and only people can mend, a sentence each.
    package var refusals: [String] { self.state.withLock { $0.outages.refusals } }

    // MARK: The password

    var password: String? { self.state.withLock { $0.password } }

    /// Every connection made from here on authenticates with this password. Those that stand are kept.
    package func replace(password: String) {
        self.state.withLock { state in
            state.password = password
            for (client, username) in state.running.values {
                if let username { client.setCredentials(username: username, password: password) }
            }
        }
    }

    func add(_ client: NativeClient) {
        let username = client.identity.principal
        self.state.withLock { state in
            state.running[ObjectIdentifier(client)] = (client, username)
            // Replaced while the client was being made.
            if let username, let password = state.password {
                client.setCredentials(username: username, password: password)
            }
        }
    }

    /// Before the client is destroyed: afterwards nothing calls it any more.
    func remove(_ client: NativeClient) {
        _ = self.state.withLock { $0.running.removeValue(forKey: ObjectIdentifier(client)) }
    }

    // MARK: Outages

    /// Counts an error, and logs it unless it belongs to an outage that was logged already.
    func report(_ error: KafkaError, topic: String? = nil, logger: Logger) {
        // A client that is closed gives up what it has: no trouble.
        guard error.code != .closed else { return }
        let notice = self.state.withLock { state in
            state.failures[error.code, default: 0] += 1
            let subject = OutageBook.Subject(error, topic: topic)
            return state.outages.report(subject, error.message, isPassing: error.isRetriable, at: .now)
        }
        self.isTroubled.store(true, ordering: .relaxed)
        KafkaClients.log(notice, logger)
    }

    /// Logs a warning of the library once, until it has been quiet for a while.
    func report(line: String, facility: String, logger: Logger) {
        let notice = self.state.withLock {
            $0.outages.report(.librdkafka(facility: facility), line, isPassing: true, at: .now)
        }
        self.isTroubled.store(true, ordering: .relaxed)
        guard notice != nil else { return }
        logger.warning(
            "librdkafka",
            metadata: ["kafka.facility": .string(facility), "kafka.message": .string(line)]
        )
    }

    /// Something has worked that needs these rights.
    func worked(_ rights: [KafkaRight], logger: Logger) {
        guard self.isTroubled.load(ordering: .relaxed) else { return }
        for notice in self.state.withLock({ state in rights.compactMap { state.outages.worked($0) } }) {
            KafkaClients.log(notice, logger)
        }
    }

    /// Says which outages have ended. The thread of any client calls it now and then.
    func settle(logger: Logger) {
        guard self.isTroubled.load(ordering: .relaxed) else { return }
        let notices = self.state.withLock { state in
            let notices = state.outages.settle(at: .now)
            if state.outages.isEmpty { self.isTroubled.store(false, ordering: .relaxed) }
            return notices
        }
        for notice in notices { KafkaClients.log(notice, logger) }
    }

    private static func log(_ notice: OutageBook.Notice?, _ logger: Logger) {
        switch notice {
        case .began(let text, let isPassing):
            logger.log(level: isPassing ? .warning : .error, "Kafka is in trouble", metadata: ["error": "\(text)"])
        case .lasts(let text, let reports, let time):
            logger.warning(
                "Kafka is still in trouble",
                metadata: ["error": "\(text)", "reports": "\(reports)", "for": "\(time.components.seconds)s"]
            )
        case .ended(let text, let reports, let time):
            logger.notice(
                "A trouble with Kafka has ended",
                metadata: ["error": "\(text)", "reports": "\(reports)", "after": "\(time.components.seconds)s"]
            )
        case nil: break
        }
    }
}
