internal import CPostgres

extension NativeConnection {
    /// Sent in pieces of about this size.
    private static let pieceSize = 64 << 10
    /// `PGCOPY\n\377\r\n\0`, no flags, no extension.
    /// Source: PostgreSQL documentation, `COPY`, "Binary Format".
    private static let header: [UInt8] = [
        0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00, 0, 0, 0, 0, 0, 0, 0, 0,
    ]

    /// Writes rows with `COPY … FROM STDIN`, reading them one by one.
    ///
    /// - Returns: how many rows were written.
    func copyIn(
        sql: String,
        columns: Int,
        rows: some Sequence<[any PostgresEncodable]>
    ) throws(PostgresError) -> Int {
        guard !sql.utf8.contains(0) else { throw .encoding("A statement holds a NUL character.") }
        guard PQsendQuery(self.handle, sql) == 1 else { throw self.lost() }
        if let first = try self.nextResult(until: self.deadline), first.status != PGRES_COPY_IN {
            let error = self.error(of: first)
            try self.drain()
            throw error ?? PostgresError(code: .statement, message: "The server did not begin to copy.")
        }
        var refusal: PostgresError?
        do throws(CopyFailure) {
            try self.send(rows, columns: columns)
        } catch {
            switch error {
            case .connection(let error): throw error
            case .row(let error): refusal = error
            }
        }
        try self.end(refusal)
        guard let result = try self.nextResult(until: self.deadline) else { throw self.lost() }
        let error = self.error(of: result)
        try self.drain()
        if let failure = refusal ?? error { throw failure }
        return result.affectedRows
    }

    private enum CopyFailure: Error {
        case connection(PostgresError)
        /// A row that cannot be sent: the server is told to forget all.
        case row(PostgresError)
    }

    private var deadline: ContinuousClock.Instant? {
        self.configuration.answerLimit(statements: 1).map { ContinuousClock.now + $0 }
    }

    private func send(_ rows: some Sequence<[any PostgresEncodable]>, columns: Int) throws(CopyFailure) {
        var piece = Self.header
        for row in rows {
            guard row.count == columns, let count = Int16(exactly: columns) else {
                throw .row(.encoding("A row to copy has \(row.count) values for \(columns) columns."))
            }
            piece.append(integer: count)
            for value in row {
                do { try value.encodeWithLength(to: &piece) } catch { throw .row(error) }
            }
            guard piece.count >= Self.pieceSize else { continue }
            guard !self.control.isCancelled else { throw .row(.cancelled) }
            do { try self.put(piece) } catch { throw .connection(error) }
            piece.removeAll(keepingCapacity: true)
        }
        piece.append(integer: Int16(-1))
        do { try self.put(piece) } catch { throw .connection(error) }
    }

    private func put(_ piece: [UInt8]) throws(PostgresError) {
        let limit = self.deadline
        guard let count = Int32(exactly: piece.count) else { throw self.lost("A row to copy is too large.") }
        while true {
            let outcome = piece.withUnsafeBytes { bytes in
                PQputCopyData(self.handle, bytes.bindMemory(to: CChar.self).baseAddress, count)
            }
            if outcome > 0 { break }
            guard outcome == 0 else { throw self.lost() }
            try self.wait(writing: true, until: limit)
        }
        // Not left to libpq's buffer: that would grow to the size of all rows.
        while true {
            let flushed = PQflush(self.handle)
            if flushed == 0 { return }
            guard flushed > 0 else { throw self.lost() }
            try self.wait(writing: true, until: limit)
        }
    }

    private func end(_ refusal: PostgresError?) throws(PostgresError) {
        let limit = self.deadline
        while true {
            let outcome = PQputCopyEnd(self.handle, refusal == nil ? nil : "the sender gave up")
            if outcome > 0 { return }
            guard outcome == 0 else { throw self.lost() }
            try self.wait(writing: true, until: limit)
        }
    }

    private func drain() throws(PostgresError) {
        while try self.nextResult(until: self.deadline) != nil {
            guard self.isAlive else { throw self.lost() }
        }
    }
}
