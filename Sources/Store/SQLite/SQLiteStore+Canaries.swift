package import Analysis
import Foundation
import GRDB

extension SQLiteStore: CanaryRecords {
    // MARK: Documents

    package func canaryDocument(
        _ kind: CanaryDocument.Kind,
        id: String
    ) async throws(StoreError) -> CanaryDocument? {
        try await read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT * FROM canary_documents WHERE kind = ? AND id = ?",
                arguments: [kind.rawValue, id]
            ).map { CanaryDocument($0, kind) }
        }
    }

    package func canaryDocumentHeads(
        _ kind: CanaryDocument.Kind,
        limit: Int
    ) async throws(StoreError) -> [CanaryDocument.Head] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT id, changed_at, summary FROM canary_documents WHERE kind = ? ORDER BY id LIMIT ?",
                arguments: [kind.rawValue, limit]
            ).map { CanaryDocument.Head($0) }
        }
    }

    package func put(
        _ document: CanaryDocument,
        if rule: CanaryDocument.Rule
    ) async throws(StoreError) -> Bool {
        try await write { database in
            switch rule {
            case .present:
                try database.execute(
                    sql: "UPDATE canary_documents SET changed_at = ?, summary = ?, body = ? WHERE kind = ? AND id = ?",
                    arguments: [
                        document.head.changedAt.milliseconds, Data(document.head.summary), Data(document.body),
                        document.kind.rawValue, document.head.id,
                    ]
                )
            case .absent(let most):
                try database.execute(
                    sql: """
                        INSERT INTO canary_documents (kind, id, changed_at, summary, body) SELECT ?, ?, ?, ?, ?
                        WHERE (SELECT count(*) FROM canary_documents WHERE kind = ?) < ?
                        ON CONFLICT (kind, id) DO NOTHING
                        """,
                    arguments: [
                        document.kind.rawValue, document.head.id, document.head.changedAt.milliseconds,
                        Data(document.head.summary), Data(document.body), document.kind.rawValue, most,
                    ]
                )
            }
            return database.changesCount > 0
        }
    }

    package func deleteCanaryDocument(
        _ kind: CanaryDocument.Kind,
        id: String
    ) async throws(StoreError) -> Bool {
        try await write { database in
            try database.execute(
                sql: "DELETE FROM canary_documents WHERE kind = ? AND id = ?",
                arguments: [kind.rawValue, id]
            )
            return database.changesCount > 0
        }
    }

    // MARK: Executions

    package func add(_ execution: StoredCanary, most: Int) async throws(StoreError) -> Bool {
        try await write { database in
            let unfinished = try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM canary_executions WHERE wake_at IS NOT NULL"
            )
            guard (unfinished ?? 0) < most else { return false }
            try insert(execution, in: database)
            return true
        }
    }

    package func canary(id: String) async throws(StoreError) -> StoredCanary? {
        try await read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM canary_executions WHERE id = ?", arguments: [id])
                .map { try StoredCanary($0) }
        }
    }

    package func canaries(_ query: CanaryQueryPage) async throws(StoreError) -> [StoredCanary] {
        try await read { database in
            let statuses = query.statuses.map {
                String(decoding: (try? JSONEncoder().encode($0)) ?? Data(), as: UTF8.self)
            }
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM canary_executions WHERE kind = ? AND application = ?
                        AND (? IS NULL OR status IN (SELECT value FROM json_each(?)))
                    ORDER BY built_at DESC, id DESC LIMIT ? OFFSET ?
                    """,
                arguments: [query.kind.rawValue, query.application, statuses, statuses, query.limit, query.offset]
            ).map { try StoredCanary($0) }
        }
    }

    package func claimDueCanaries(
        _ claim: LeaseClaim,
        limit: Int
    ) async throws(StoreError) -> [StoredCanary] {
        try await write { database in
            try Row.fetchAll(
                database,
                sql: """
                    UPDATE canary_executions
                    SET version = version + 1, claims = claims + 1, lease_owner = ?, lease_until = ?
                    WHERE id IN (
                        SELECT id FROM canary_executions
                        WHERE wake_at <= ? AND (lease_until IS NULL OR lease_until <= ?)
                        ORDER BY wake_at, id LIMIT ?
                    ) RETURNING *
                    """,
                arguments: [
                    claim.owner, claim.until.milliseconds, claim.now.milliseconds, claim.now.milliseconds, limit,
                ]
            ).map { try StoredCanary($0) }.sorted { ($0.builtAt, $0.id) < ($1.builtAt, $1.id) }
        }
    }

    package func renewCanaries(
        _ held: [String: Int64],
        until: Timestamp
    ) async throws(StoreError) -> Set<String> {
        try await write { database in
            var renewed: Set<String> = []
            for (id, version) in held {
                try database.execute(
                    sql: "UPDATE canary_executions SET lease_until = ? WHERE id = ? AND version = ?",
                    arguments: [until.milliseconds, id, version]
                )
                if database.changesCount > 0 { renewed.insert(id) }
            }
            return renewed
        }
    }

    package func releaseCanaries(owner: String) async throws(StoreError) {
        try await write { database in
            try database.execute(
                sql: "UPDATE canary_executions SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = ?",
                arguments: [owner]
            )
        }
    }

    package func nextCanaryWake() async throws(StoreError) -> Timestamp? {
        try await read { database in
            try Int64.fetchOne(
                database,
                sql: """
                    SELECT min(max(wake_at, coalesce(lease_until, wake_at))) FROM canary_executions
                    WHERE wake_at IS NOT NULL
                    """
            ).map { Timestamp(milliseconds: $0) }
        }
    }

    package func commit(_ change: CanaryChange) async throws(StoreError) {
        try await write { database in
            for execution in change.written {
                try database.execute(
                    sql: """
                        UPDATE canary_executions SET status = ?, wake_at = ?, state = ?, version = version + 1,
                            claims = iif(?, claims, 0), lease_owner = iif(?, lease_owner, NULL),
                            lease_until = iif(?, lease_until, NULL)
                        WHERE id = ? AND version = ?
                        """,
                    arguments: [
                        execution.status, execution.wakeAt?.milliseconds, Data(execution.state), change.keepsLeases,
                        change.keepsLeases, change.keepsLeases, execution.id, execution.version,
                    ]
                )
                guard database.changesCount > 0 else {
                    throw StoreError(.conflict, "the execution \(execution.id) has been written meanwhile")
                }
            }
            for execution in change.added { try insert(execution, in: database) }
            for document in change.documents {
                try database.execute(
                    sql: "INSERT INTO canary_documents (kind, id, changed_at, summary, body) VALUES (?, ?, ?, ?, ?)",
                    arguments: [
                        document.kind.rawValue, document.head.id, document.head.changedAt.milliseconds,
                        Data(document.head.summary), Data(document.body),
                    ]
                )
            }
        }
    }

    package func deleteExpiredCanaries(
        before time: Timestamp,
        samples: Timestamp,
        limit: Int
    ) async throws(StoreError) -> Int {
        try await write { database in
            try database.execute(
                sql: """
                    DELETE FROM canary_executions WHERE id IN (
                        SELECT id FROM canary_executions WHERE wake_at IS NULL AND built_at < ? ORDER BY built_at LIMIT ?
                    )
                    """,
                arguments: [time.milliseconds, limit]
            )
            let executions = database.changesCount
            try database.execute(
                sql: """
                    DELETE FROM canary_documents WHERE (kind, id) IN (
                        SELECT kind, id FROM canary_documents WHERE kind <> 'config' AND changed_at < ?
                        ORDER BY changed_at LIMIT ?
                    )
                    """,
                arguments: [samples.milliseconds, limit]
            )
            return executions + database.changesCount
        }
    }
}

private func insert(_ execution: StoredCanary, in database: Database) throws {
    try database.execute(
        sql: """
            INSERT INTO canary_executions (id, kind, application, status, built_at, wake_at, state)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
        arguments: [
            execution.id, execution.kind.rawValue, execution.application, execution.status,
            execution.builtAt.milliseconds, execution.wakeAt?.milliseconds, Data(execution.state),
        ]
    )
}

extension CanaryDocument {
    fileprivate init(_ row: Row, _ kind: Kind) {
        self.init(kind, Head(row), body: [UInt8](row["body"] as Data))
    }
}

extension CanaryDocument.Head {
    fileprivate init(_ row: Row) {
        self.init(
            id: row["id"],
            changedAt: Timestamp(milliseconds: row["changed_at"]),
            summary: [UInt8](row["summary"] as Data)
        )
    }
}

extension StoredCanary {
    fileprivate init(_ row: Row) throws {
        guard let kind = Kind(rawValue: row["kind"]) else {
            throw StoreError(.corrupt, "a stored execution is of no known kind")
        }
        self.init(
            id: row["id"],
            kind: kind,
            application: row["application"],
            status: row["status"],
            builtAt: Timestamp(milliseconds: row["built_at"]),
            wakeAt: (row["wake_at"] as Int64?).map { Timestamp(milliseconds: $0) },
            state: [UInt8](row["state"] as Data),
            version: row["version"],
            claims: row["claims"]
        )
    }
}
