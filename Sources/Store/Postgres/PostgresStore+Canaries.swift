package import Analysis
import Postgres

extension PostgresStore: CanaryRecords {
    // MARK: Documents

    package func canaryDocument(
        _ kind: CanaryDocument.Kind,
        id: String
    ) async throws(StoreError) -> CanaryDocument? {
        try await read { connection in
            try await connection.queryFirst(
                PostgresStatement(
                    "SELECT id, changed_at, summary, body FROM canary_documents WHERE kind = $1 AND id = $2",
                    kind.rawValue,
                    id.storable
                )
            ).map { try CanaryDocument($0, kind) }
        }
    }

    package func canaryDocumentHeads(
        _ kind: CanaryDocument.Kind,
        limit: Int
    ) async throws(StoreError) -> [CanaryDocument.Head] {
        try await read { connection in
            try await connection.query(
                PostgresStatement(
                    "SELECT id, changed_at, summary FROM canary_documents WHERE kind = $1 ORDER BY id LIMIT $2",
                    kind.rawValue,
                    Int64(limit)
                )
            ).map { try CanaryDocument.Head($0) }
        }
    }

    package func put(
        _ document: CanaryDocument,
        if rule: CanaryDocument.Rule
    ) async throws(StoreError) -> Bool {
        let statement: PostgresStatement
        switch rule {
        case .present:
            statement = PostgresStatement(
                "UPDATE canary_documents SET changed_at = $3, summary = $4, body = $5 WHERE kind = $1 AND id = $2",
                document.kind.rawValue,
                document.head.id.storable,
                document.head.changedAt.milliseconds,
                PostgresBytes(document.head.summary),
                PostgresBytes(document.body)
            )
        case .absent(let most):
            statement = PostgresStatement(
                """
                INSERT INTO canary_documents (kind, id, changed_at, summary, body)
                SELECT $1::text, $2::text, $3::bigint, $4::bytea, $5::bytea
                WHERE (SELECT count(*) FROM canary_documents WHERE kind = $1) < $6
                ON CONFLICT (kind, id) DO NOTHING
                """,
                document.kind.rawValue,
                document.head.id.storable,
                document.head.changedAt.milliseconds,
                PostgresBytes(document.head.summary),
                PostgresBytes(document.body),
                Int64(most)
            )
        }
        return try await write { connection in try await connection.execute(statement).affectedRows > 0 }
    }

    package func deleteCanaryDocument(
        _ kind: CanaryDocument.Kind,
        id: String
    ) async throws(StoreError) -> Bool {
        try await write { connection in
            try await connection.execute(
                PostgresStatement(
                    "DELETE FROM canary_documents WHERE kind = $1 AND id = $2",
                    kind.rawValue,
                    id.storable
                )
            ).affectedRows > 0
        }
    }

    // MARK: Executions

    package func add(_ execution: StoredCanary, most: Int) async throws(StoreError) -> Bool {
        try await write { connection in
            try await connection.execute(
                Self.insertion(
                    execution,
                    condition: "WHERE (SELECT count(*) FROM canary_executions WHERE wake_at IS NOT NULL) < \(most)"
                )
            ).affectedRows > 0
        }
    }

    package func canary(id: String) async throws(StoreError) -> StoredCanary? {
        try await read { connection in
            try await connection.queryFirst(
                PostgresStatement(
                    "SELECT \(StoredCanary.columns) FROM canary_executions WHERE id = $1",
                    id.storable
                )
            ).map { try StoredCanary($0) }
        }
    }

    package func canaries(_ query: CanaryQueryPage) async throws(StoreError) -> [StoredCanary] {
        try await read { connection in
            try await connection.query(
                PostgresStatement(
                    """
                    SELECT \(StoredCanary.columns) FROM canary_executions WHERE kind = $1 AND application = $2
                        AND ($3 OR status = ANY($4::text[]))
                    ORDER BY built_at DESC, id DESC LIMIT $5 OFFSET $6
                    """,
                    query.kind.rawValue,
                    query.application.storable,
                    query.statuses == nil,
                    (query.statuses ?? []).map(\.storable),
                    Int64(query.limit),
                    Int64(query.offset)
                )
            ).map { try StoredCanary($0) }
        }
    }

    package func claimDueCanaries(
        _ claim: LeaseClaim,
        limit: Int
    ) async throws(StoreError) -> [StoredCanary] {
        try await write { connection in
            try await connection.query(
                PostgresStatement(
                    """
                    UPDATE canary_executions
                    SET version = version + 1, claims = claims + 1, lease_owner = $1, lease_until = $2
                    WHERE id IN (
                        SELECT id FROM canary_executions
                        WHERE wake_at <= $3 AND (lease_until IS NULL OR lease_until <= $3)
                        ORDER BY wake_at, id LIMIT $4 FOR UPDATE SKIP LOCKED
                    ) RETURNING \(StoredCanary.columns)
                    """,
                    claim.owner.storable,
                    claim.until.milliseconds,
                    claim.now.milliseconds,
                    Int64(limit)
                )
            ).map { try StoredCanary($0) }.sorted { ($0.builtAt, $0.id) < ($1.builtAt, $1.id) }
        }
    }

    package func renewCanaries(
        _ held: [String: Int64],
        until: Timestamp
    ) async throws(StoreError) -> Set<String> {
        let ids = held.keys.sorted()
        return try await write { connection in
            let rows = try await connection.query(
                PostgresStatement(
                    """
                    UPDATE canary_executions SET lease_until = $1
                    FROM unnest($2::text[], $3::bigint[]) AS held (held_id, held_version)
                    WHERE id = held_id AND version = held_version RETURNING id
                    """,
                    until.milliseconds,
                    ids.map(\.storable),
                    ids.map { held[$0] ?? 0 }
                )
            )
            return Set(try rows.map { try $0.decode(0, as: String.self) })
        }
    }

    package func releaseCanaries(owner: String) async throws(StoreError) {
        try await write { connection in
            try await connection.execute(
                PostgresStatement(
                    "UPDATE canary_executions SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = $1",
                    owner.storable
                )
            )
        }
    }

    package func nextCanaryWake() async throws(StoreError) -> Timestamp? {
        try await read { connection in
            let row = try await connection.queryFirst(
                """
                SELECT min(greatest(wake_at, coalesce(lease_until, wake_at))) FROM canary_executions
                WHERE wake_at IS NOT NULL
                """
            )
            return try row?.decode(0, as: Int64?.self).map { Timestamp(milliseconds: $0) }
        }
    }

    package func commit(_ change: CanaryChange) async throws(StoreError) {
        try await transaction { connection in
            for execution in change.written {
                let written = try await connection.execute(
                    PostgresStatement(
                        """
                        UPDATE canary_executions SET status = $1, wake_at = $2, state = $3, version = version + 1,
                            claims = CASE WHEN $6 THEN claims ELSE 0 END,
                            lease_owner = CASE WHEN $6 THEN lease_owner END,
                            lease_until = CASE WHEN $6 THEN lease_until END
                        WHERE id = $4 AND version = $5
                        """,
                        execution.status,
                        execution.wakeAt?.milliseconds,
                        PostgresBytes(execution.state),
                        execution.id.storable,
                        execution.version,
                        change.keepsLeases
                    )
                )
                guard written.affectedRows > 0 else {
                    throw StoreError(.conflict, "the execution \(execution.id) has been written meanwhile")
                }
            }
            for execution in change.added { try await connection.execute(Self.insertion(execution, condition: "")) }
            for document in change.documents {
                try await connection.execute(
                    PostgresStatement(
                        """
                        INSERT INTO canary_documents (kind, id, changed_at, summary, body)
                        VALUES ($1, $2, $3, $4, $5)
                        """,
                        document.kind.rawValue,
                        document.head.id.storable,
                        document.head.changedAt.milliseconds,
                        PostgresBytes(document.head.summary),
                        PostgresBytes(document.body)
                    )
                )
            }
        }
    }

    package func deleteExpiredCanaries(
        before time: Timestamp,
        samples: Timestamp,
        limit: Int
    ) async throws(StoreError) -> Int {
        try await write { connection in
            try await connection.pipeline([
                PostgresStatement(
                    """
                    DELETE FROM canary_executions WHERE id IN (
                        SELECT id FROM canary_executions WHERE wake_at IS NULL AND built_at < $1
                        ORDER BY built_at LIMIT $2
                    )
                    """,
                    time.milliseconds,
                    Int64(limit)
                ),
                PostgresStatement(
                    """
                    DELETE FROM canary_documents WHERE (kind, id) IN (
                        SELECT kind, id FROM canary_documents WHERE kind <> 'config' AND changed_at < $1
                        ORDER BY changed_at LIMIT $2
                    )
                    """,
                    samples.milliseconds,
                    Int64(limit)
                ),
            ]).reduce(0) { $0 + $1.affectedRows }
        }
    }

    private static func insertion(_ execution: StoredCanary, condition: String) -> PostgresStatement {
        PostgresStatement(
            """
            INSERT INTO canary_executions (id, kind, application, status, built_at, wake_at, state)
            SELECT $1::text, $2::text, $3::text, $4::text, $5::bigint, $6::bigint, $7::bytea \(condition)
            """,
            execution.id.storable,
            execution.kind.rawValue,
            execution.application.storable,
            execution.status,
            execution.builtAt.milliseconds,
            execution.wakeAt?.milliseconds,
            PostgresBytes(execution.state)
        )
    }
}

extension CanaryDocument {
    fileprivate init(_ row: PostgresRow, _ kind: Kind) throws {
        self.init(kind, try Head(row), body: try row.decode(3, as: PostgresBytes.self).bytes)
    }
}

extension CanaryDocument.Head {
    fileprivate init(_ row: PostgresRow) throws {
        self.init(
            id: try row.decode(0, as: String.self),
            changedAt: Timestamp(milliseconds: try row.decode(1, as: Int64.self)),
            summary: try row.decode(2, as: PostgresBytes.self).bytes
        )
    }
}

extension StoredCanary {
    fileprivate static let columns = "id, kind, application, status, built_at, wake_at, state, version, claims"

    fileprivate init(_ row: PostgresRow) throws {
        guard let kind = Kind(rawValue: try row.decode(1, as: String.self)) else {
            throw StoreError(.corrupt, "a stored execution is of no known kind")
        }
        self.init(
            id: try row.decode(0, as: String.self),
            kind: kind,
            application: try row.decode(2, as: String.self),
            status: try row.decode(3, as: String.self),
            builtAt: Timestamp(milliseconds: try row.decode(4, as: Int64.self)),
            wakeAt: try row.decode(5, as: Int64?.self).map { Timestamp(milliseconds: $0) },
            state: try row.decode(6, as: PostgresBytes.self).bytes,
            version: try row.decode(7, as: Int64.self),
            claims: Int(try row.decode(8, as: Int64.self))
        )
    }
}
