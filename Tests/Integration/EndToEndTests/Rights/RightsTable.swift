import Foundation
import Testing

/// The table of rights in docs/operating.md: for each process, rights such as `READ topic deploy.events`.
struct RightsTable {
    let rights: [String: Set<String>]

    init() throws {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/operating.md"), encoding: .utf8)
        let start = try #require(page.firstRange(of: "### Rights on the brokers"))
        let section = page[start.upperBound...]
        let end = section.firstRange(of: "\n### ")?.lowerBound ?? section.endIndex
        var rights: [String: Set<String>] = [:]
        for line in section[..<end].split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let process = try #require(Self.code(cells[0]))
            let name = try #require(Self.code(cells[3]))
            rights[process, default: []].insert("\(cells[1]) \(cells[2]) \(name)")
        }
        self.rights = rights
    }

    /// What is between the first two backticks.
    private static func code(_ cell: String) -> String? {
        let parts = cell.split(separator: "`", omittingEmptySubsequences: false)
        return parts.count > 2 ? String(parts[1]) : nil
    }

    /// As a broker is told them: transactional ids by what they begin with.
    var granted: [String] {
        rights.values.joined().sorted().map { $0.contains(" transactional id ") ? "\($0)*" : $0 }
    }

    /// What a process has asked for, in the words of the table: without what is implied, and without what only brokers
    /// before 2.8 ask for.
    static func reduced(_ asked: Set<String>) -> Set<String> {
        var reduced: Set<String> = []
        for right in asked where right != "IDEMPOTENT_WRITE cluster" {
            let resource = right.drop { $0 != " " }.dropFirst()
            let isImplied = asked.contains("READ \(resource)") || asked.contains("WRITE \(resource)")
            guard !right.hasPrefix("DESCRIBE ") || !isImplied else { continue }
            let isShard = right.contains(" transactional id ")
            reduced.insert(isShard ? String(right.reversed().drop { $0.isNumber }.reversed()) : right)
        }
        return reduced
    }
}
