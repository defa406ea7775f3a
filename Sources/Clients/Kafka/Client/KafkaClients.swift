import Synchronization

/// The running clients of a process: they share a SASL password, which may be replaced, and their failures are counted.
package final class KafkaClients: Sendable, Equatable {
    private struct State {
        var password: String?
        var running: [ObjectIdentifier: (client: NativeClient, username: String?)] = [:]
        var failures: [KafkaError.Code: Int] = [:]
    }

    private let state: Mutex<State>

    /// - Parameter password: goes before the property `sasl.password`; nil to leave it to that.
    package init(password: String? = nil) {
        self.state = Mutex(State(password: password))
    }

    package static func == (left: KafkaClients, right: KafkaClients) -> Bool { left === right }

    /// What clients reported by itself, such as brokers out of reach or a refused password, by kind.
    package var failures: [KafkaError.Code: Int] { self.state.withLock { $0.failures } }

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

    func add(_ client: NativeClient, username: String?) {
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

    func count(_ error: KafkaError) {
        self.state.withLock { $0.failures[error.code, default: 0] += 1 }
    }
}
