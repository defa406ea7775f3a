extension PostgresPool {
    /// Runs `body` in a transaction, which is committed when it returns and rolled back when it throws.
    ///
    /// When another transaction was in the way (SQLSTATE 40001, 40P01), all of it is run again, after a pause with
    /// jitter: `body` must do nothing but what the transaction undoes. Throws what `body` throws, what
    /// ``withConnection(_:)`` throws, and `.commitOutcomeUnknown` when the connection breaks in `COMMIT`.
    @discardableResult
    package func transaction<Value: Sendable>(
        _ options: PostgresTransactionOptions = .init(),
        _ body: @Sendable (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try await self.withConnection(retries: options.retries, pause: options.pause) { connection in
            try await connection.transaction(options, body)
        }
    }

    /// Lends a connection for what is one transaction, such as one statement or one pipeline, and runs `body` again, after
    /// a pause with jitter, when another transaction was in the way.
    ///
    /// - Parameter pause: the longest one before the first retry; doubled from retry to retry.
    @discardableResult
    package func withConnection<Value: Sendable>(
        retries: Int,
        pause: Duration = .milliseconds(10),
        _ body: @Sendable (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        var retry = 0
        while true {
            do {
                return try await self.withConnection(body)
            } catch let error as PostgresError where error.isTransactionRetriable && retry < retries {
                retry += 1
                // The connection serves another caller by now.
                let share = Double.random(in: 0.1...1)
                do {
                    try await Task.sleep(for: min(.seconds(1), pause * (1 << min(retry - 1, 10))) * share)
                } catch {
                    throw PostgresError.cancelled
                }
            }
        }
    }
}

extension PostgresConnection {
    /// Runs `body` in a transaction, once.
    @discardableResult
    package func transaction<Value: Sendable>(
        _ options: PostgresTransactionOptions = .init(),
        _ body: @Sendable (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        try await self.run(script: options.begin)
        let value: Value
        do {
            value = try await body(self)
        } catch {
            // When this fails too, the connection is not lent again, and the server rolls back.
            _ = try? await self.runToEnd { native throws(PostgresError) in try native.run(script: "ROLLBACK") }
            throw error
        }
        try await self.commit()
        return value
    }

    /// Commits, whether or not the task is cancelled: all is done but this.
    private func commit() async throws(PostgresError) {
        let tag: String
        do {
            tag = try await self.runToEnd { native throws(PostgresError) in try native.commit() }
        }
        // A transaction that had failed is rolled back by COMMIT.
        guard tag == "COMMIT" else {
            throw PostgresError(
                code: .rolledBack,
                message: "The Postgres transaction was rolled back: one of its statements had failed."
            )
        }
    }
}

extension NativeConnection {
    /// Throws `.commitOutcomeUnknown` when the connection breaks after `COMMIT` was sent.
    fileprivate func commit() throws(PostgresError) -> String {
        do {
            return try self.run(script: "COMMIT")
        } catch {
            guard error.code == .connectionLost else { throw error }
            var unknown = error
            unknown.code = .commitOutcomeUnknown
            unknown.message = "It is not known whether a Postgres transaction was committed: \(error.message)"
            throw unknown
        }
    }
}
