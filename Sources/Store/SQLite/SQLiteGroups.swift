import Analysis
import Foundation
import GRDB

/// Groups of rows, event sources or applications, that are looked at one after another, each by one step into an index:
/// what lies between the first row of a group and the first of the next is not read.
struct SQLiteGroups {
    private let first: String
    private let next: String
    private let isDue: String

    /// `rows` says which rows of the table there are, as the condition of the index does and of the source `:source`;
    /// `isDue` whether there is something to do for one of them at the time `:now`.
    init(table: String, column: String, rows: String, isDue condition: String) {
        first = "SELECT min(\(column)) FROM \(table) WHERE \(rows) AND \(column) <= :end"
        next = "\(first) AND \(column) > :place"
        isDue = """
            SELECT EXISTS (
                SELECT 1 FROM \(table) WHERE \(rows) AND \(column) = :place AND \(condition)
            )
            """
    }

    /// The groups behind the place, and then those from the beginning up to it, until `most` of them have something to do.
    func visit(
        _ search: FairTurns.Search,
        atMost most: Int,
        at now: Timestamp,
        in database: Database
    ) throws -> [VisitedGroup] {
        var visited: [VisitedGroup] = []
        var left = most
        // To SQLite bytes are more than any text.
        let parts: [(start: String?, end: DatabaseValue)] = [
            (search.place, Data().databaseValue), (nil, search.place.databaseValue),
        ]
        for part in parts {
            var place = part.start
            while visited.count < search.visits, left > 0 {
                var arguments: StatementArguments = ["source": search.source, "end": part.end]
                if let place { arguments += ["place": place] }
                let statement = try database.cachedStatement(sql: place == nil ? first : next)
                guard let group = try String.fetchOne(statement, arguments: arguments) else { break }
                let isDue = try Bool.fetchOne(
                    database.cachedStatement(sql: isDue),
                    arguments: ["now": now.milliseconds, "source": search.source, "place": group]
                )
                visited.append(VisitedGroup(name: group, isDue: isDue ?? false))
                if isDue == true { left -= 1 }
                place = group
            }
        }
        return visited
    }
}
