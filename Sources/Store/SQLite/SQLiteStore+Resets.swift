import Analysis
import GRDB

extension SQLiteStore {
    package func resetReleases(_ reset: ReleaseReset) async throws(StoreError) -> Int {
        try await write { database in
            let release: StatementArguments = ["application": reset.application, "environment": reset.environment]
            let condition = "application = :application AND (:environment IS NULL OR environment = :environment)"
            try database.execute(sql: "DELETE FROM release_timelines WHERE \(condition)", arguments: release)
            try database.execute(sql: "DELETE FROM releases WHERE \(condition)", arguments: release)
            let known = database.changesCount
            try database.execute(
                sql: """
                    INSERT INTO release_resets (application, environment, at, by_whom, reason) VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [reset.application, reset.environment, reset.at.milliseconds, reset.by, reset.reason]
            )
            try database.execute(
                sql: "DELETE FROM release_resets WHERE sequence <= (SELECT max(sequence) FROM release_resets) - ?",
                arguments: [ReleaseReset.maximumKept]
            )
            return known
        }
    }

    package func releaseResets(newest limit: Int) async throws(StoreError) -> [ReleaseReset] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT sequence, application, environment, at, by_whom, reason FROM release_resets
                    ORDER BY sequence DESC LIMIT ?
                    """,
                arguments: [limit]
            ).map { row in
                ReleaseReset(
                    sequence: row["sequence"],
                    application: row["application"],
                    environment: row["environment"],
                    at: Timestamp(milliseconds: row["at"]),
                    by: row["by_whom"],
                    reason: row["reason"]
                )
            }
        }
    }
}
