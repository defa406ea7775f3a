import Foundation
import Processes

/// Prometheus' own parser, through `promtool check rules`.
enum Promtool {
    static let path = Program.find("promtool")

    /// What it says about each query that it refuses, by index.
    static func refusals(of queries: [String]) async throws -> [Int: String] {
        let rules = queries.enumerated().map { ["record": "r\($0)", "expr": $1] }
        let file: [String: Any] = ["groups": [["name": "queries", "rules": rules]]]
        let folder = FileManager.default.temporaryDirectory.appending(path: "promql-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let name = folder.appending(path: "rules.yaml")
        try JSONSerialization.data(withJSONObject: file, options: .withoutEscapingSlashes).write(to: name)
        let outcome = try await Program.run(path ?? "", ["check", "rules", name.path], errorsAreOutput: true)
        let text = String(decoding: Array(outcome.output.utf8), as: UTF8.self)
        var refusals: [Int: String] = [:]
        for line in text.split(separator: "\n") {
            guard let record = line.firstMatch(of: /, rule (\d+), "[^"]*": (.*)/), let number = Int(record.1) else {
                continue
            }
            refusals[number - 1] = String(record.2)
        }
        guard outcome.status == 0 || !refusals.isEmpty else { throw Unreadable(output: String(text.prefix(2000))) }
        return refusals
    }

    struct Unreadable: Error {
        var output: String
    }
}
