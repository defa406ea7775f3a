import Analysis
import Foundation
import Postgres
import StoredFormats

extension StoredSession {
    /// From the columns `state` and `version`.
    init(_ row: PostgresRow) throws {
        let state = try row.decode("state", as: PostgresBytes.self).bytes
        self.init(session: try SessionForm.read(Data(state)), version: try row.decode("version"))
    }
}

/// A session whose row says that it can be worked on, once it has been read.
enum ClaimedRow {
    case workable(StoredSession)
    case unworkable(UnworkableRow?)

    /// From the columns `id`, `state` and `version`.
    init(_ row: PostgresRow) throws {
        do {
            let stored = try StoredSession(row)
            guard WorkableRows.problem(of: stored.session) != nil else {
                self = .workable(stored)
                return
            }
            self = .unworkable(UnworkableRow(id: stored.session.id, problem: .judge(stored.session.plan.judge)))
        } catch let error as FormError {
            let id: String = try row.decode("id")
            if case .newer(let form) = error.code {
                self = .unworkable(UnworkableRow(id: id, problem: .form(form)))
            } else {
                self = .unworkable(UnworkableRow(id: id, problem: .unreadable(error.message)))
            }
        }
    }
}

/// A session that turns out not to be workable here: it is noted beside its state and given back, so that no process
/// claims it again that cannot work on it.
struct UnworkableRow {
    enum Problem {
        case judge(String)
        case form(Int)
        case unreadable(String)
    }

    var id: String
    var problem: Problem

    var statement: PostgresStatement {
        switch problem {
        case .judge(let name):
            PostgresStatement(
                "UPDATE sessions SET judge = $2, lease_owner = NULL, lease_until = NULL WHERE id = $1",
                id,
                name.storable
            )
        case .form(let number):
            PostgresStatement(
                "UPDATE sessions SET form = $2, lease_owner = NULL, lease_until = NULL WHERE id = $1",
                id,
                Int32(clamping: number)
            )
        case .unreadable(let reason):
            PostgresStatement(
                """
                UPDATE sessions
                SET set_aside_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint, set_aside_reason = $2,
                    lease_owner = NULL, lease_until = NULL
                WHERE id = $1
                """,
                id,
                reason.storable
            )
        }
    }
}
