/// How many connections a pool may have, and how long things may take.
package struct PostgresPoolLimits: Sendable {
    package var maximumConnections = 8
    /// Callers that may wait for a connection; those beyond are refused at once.
    package var maximumWaiting = 1000
    /// How long a caller waits for a connection.
    package var acquireTimeout: Duration = .seconds(10)
    /// A connection that was idle for that long is tried before it is lent.
    package var checkAfterIdle: Duration = .seconds(30)
    /// Connections are replaced at 80 to 100 % of this age, so that load follows changes of servers behind one name.
    package var maximumLifetime: Duration = .seconds(1800)
    /// Between attempts to connect: doubled from attempt to attempt, with jitter.
    package var minimumPause: Duration = .milliseconds(100)
    package var maximumPause: Duration = .seconds(10)

    package init() {}
}

/// What a pool has and does now.
package struct PostgresPoolStatistics: Sendable, Equatable {
    package var idle = 0
    package var leased = 0
    package var connecting = 0
    package var waiting = 0
    /// Failed attempts to connect since the last that did not fail.
    package var failedAttempts = 0
}
