import LoadRig

/// Commands that take a real broker down and bring it back, for `sh -c`.
struct BrokerCommands: Sendable, Equatable {
    var down: String
    var up: String

    /// Nil when neither is given. Throws when only one is, or when there is no real broker to take down.
    init?(down: String?, up: String?, isReal: Bool) throws {
        // `make` gives empty ones.
        let given = [down, up].compactMap { $0 }.filter { !$0.isEmpty }
        guard !given.isEmpty else { return nil }
        guard given.count == 2, let down, let up else {
            throw RunFailure("give both --broker-down-command and --broker-up-command (KAFKA_DOWN and KAFKA_UP)")
        }
        guard isReal else {
            throw RunFailure("--broker-down-command takes a real broker down: give --kafka-brokers (KAFKA_BROKERS)")
        }
        self.down = down
        self.up = up
    }
}
