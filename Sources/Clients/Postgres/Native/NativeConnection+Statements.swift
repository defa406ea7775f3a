internal import CPostgres

extension NativeConnection {
    /// What was sent in one pipeline, in order.
    private enum Step {
        case deallocate(name: String)
        case prepare(StatementKey)
        case execute(index: Int, StatementKey)
    }

    /// Sends all statements at once, preparing those that are not yet, and reads all results.
    ///
    /// Outside of a transaction they are one: when one fails, nothing of any happened, and the rest is not run.
    func execute(_ statements: [EncodedStatement]) throws(PostgresError) -> [NativeResult] {
        guard !statements.isEmpty else { return [] }
        guard PQenterPipelineMode(self.handle) == 1 else { throw self.lost() }
        let steps = try self.send(statements)
        let deadline = self.configuration.answerLimit(statements: statements.count).map { ContinuousClock.now + $0 }
        var results: [NativeResult] = []
        results.reserveCapacity(statements.count)
        var failure: PostgresError?
        do throws(PostgresError) {
            for step in steps {
                while let result = try self.nextResult(until: deadline) {
                    var error = self.error(of: result)
                    if case .execute(let index, _) = step {
                        error?.statementIndex = index
                        results.append(result)
                    }
                    self.remember(step, result)
                    failure = failure ?? error
                    guard self.isAlive else { throw failure ?? self.lost() }
                }
            }
            try self.endPipeline(until: deadline)
        } catch {
            // What the server said last tells more than that the socket was closed afterwards.
            throw self.ended(by: failure, error)
        }
        if let failure { throw failure }
        return results
    }

    private func send(_ statements: [EncodedStatement]) throws(PostgresError) -> [Step] {
        var steps: [Step] = []
        // In a failed transaction the server would refuse this as it does all else.
        let isFailed = PQtransactionStatus(self.handle) == PQTRANS_INERROR
        for name in isFailed ? [] : self.cache.discarded {
            steps.append(.deallocate(name: name))
            guard PQsendQueryParams(self.handle, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 1) == 1 else {
                throw self.lost()
            }
        }
        for (index, statement) in statements.enumerated() {
            let (name, isNew) = self.cache.name(for: statement.key)
            if isNew {
                steps.append(.prepare(statement.key))
                let types = statement.key.types.map(\.oid)
                guard PQsendPrepare(self.handle, name, statement.key.sql, Int32(types.count), types) == 1 else {
                    throw self.lost()
                }
            }
            steps.append(.execute(index: index, statement.key))
            try self.send(statement, name: name)
        }
        guard PQpipelineSync(self.handle) == 1 else { throw self.lost() }
        return steps
    }

    private func send(_ statement: EncodedStatement, name: String) throws(PostgresError) {
        let lengths = statement.ranges.map { Int32($0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: lengths.count)
        let sent = statement.bytes.withUnsafeBytes { bytes in
            let start = bytes.bindMemory(to: CChar.self).baseAddress
            let values = statement.ranges.map { range in range.flatMap { range in start.map { $0 + range.lowerBound } }
            }
            return PQsendQueryPrepared(self.handle, name, Int32(values.count), values, lengths, formats, 1)
        }
        guard sent == 1 else { throw self.lost() }
    }

    /// Keeps the cache in step with what the server has.
    private func remember(_ step: Step, _ result: NativeResult) {
        let isAborted = result.status == PGRES_PIPELINE_ABORTED
        switch step {
        case .deallocate(let name):
            if !isAborted { self.cache.dropped(name) }
        case .prepare(let key):
            if isAborted || result.report != nil { self.cache.forget(key) }
        case .execute(_, let key):
            guard let report = result.report, PostgresError.isStale(report) else { return }
            if report.sqlState == "26000" { self.cache.forget(key) } else { self.cache.discard(key) }
        }
    }

    private func endPipeline(until deadline: ContinuousClock.Instant?) throws(PostgresError) {
        guard let sync = try self.nextResult(until: deadline), sync.status == PGRES_PIPELINE_SYNC,
            PQexitPipelineMode(self.handle) == 1
        else { throw self.lost() }
    }

    private func ended(by failure: PostgresError?, _ end: PostgresError) -> PostgresError {
        guard var error = failure else { return end }
        error.code = .connectionLost
        error.isTransactionRetriable = false
        return error
    }

    /// Runs statements without parameters, separated by semicolons, by the simple protocol.
    ///
    /// Several are one transaction unless they say otherwise.
    /// - Returns: the last statement's command tag.
    @discardableResult
    func run(script: String, answerLimit: Duration? = nil) throws(PostgresError) -> String {
        guard !script.utf8.contains(0) else { throw .encoding("A statement holds a NUL character.") }
        guard PQsendQuery(self.handle, script) == 1 else { throw self.lost() }
        let limit = answerLimit ?? self.configuration.answerLimit(statements: 1)
        var failure: PostgresError?
        var tag = ""
        do throws(PostgresError) {
            // Each statement of a script has its own time limit.
            while let result = try self.nextResult(until: limit.map { ContinuousClock.now + $0 }) {
                failure = failure ?? self.error(of: result)
                tag = result.commandTag
                guard self.isAlive else { throw failure ?? self.lost() }
                guard result.status != PGRES_COPY_IN, result.status != PGRES_COPY_OUT else {
                    throw self.lost("A script tried to copy data, and the Postgres connection was given up.")
                }
            }
        } catch {
            throw self.ended(by: failure, error)
        }
        if let failure { throw failure }
        return tag
    }

    /// Whether the server answers.
    func ping() throws(PostgresError) {
        try self.run(script: "", answerLimit: self.configuration.silenceLimit)
    }
}
