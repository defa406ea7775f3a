import Analysis
import EventFormats
import Foundation
import JSON
import JudgeInputs
import Judging
import Notifications
import PlanFormats
import StoredFormats

extension FuzzTarget {
    /// A plan that is accepted is kept with its session, so it must read back; one that is not has clean errors.
    static let plan = FuzzTarget("plan", maximumBytes: 4096, dictionary: "plan") { bytes in
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        do {
            let documents = try plans.read(text, file: "plan.yaml")
            try check(documents, of: text)
        } catch let error as PlanFileErrors {
            try require(!error.errors.isEmpty, "no error says what is wrong")
            try require(error.errors.count <= PlanFileErrors.maximumCount, "more errors than are reported")
            for problem in error.errors { try requireCleanLine(problem.description) }
        }
    }

    private static func check(_ documents: [PlanDocument], of text: String) throws {
        for document in documents {
            let data = try PlanForm.write(document.plan)
            let again = try PlanForm.read(data)
            try require(again == document.plan, "a plan changes when it is kept")
            try require(again.problems.isEmpty, "a plan is no plan any more when it is kept: \(again.problems)")
            for warning in PlanWarnings.warnings(for: document) { try requireCleanLine(warning.description) }
        }
        let again = try plans.read(text, file: "plan.yaml")
        try require(again == documents, "the same text is read as two plans")
    }

    /// Judging cases with a Kayenta canary config: whatever comes in, one line of JSON goes out.
    static let kayentaCase = FuzzTarget("kayenta-case", maximumBytes: 4096, dictionary: "kayenta") { bytes in
        let line = String(decoding: bytes, as: UTF8.self)
        let answer = KayentaCase.answer(line: line)
        try require(answer == KayentaCase.answer(line: line), "the same case has two answers")
        try require(!answer.utf8.contains { $0 < 0x20 }, "an answer is more than a line")
        do {
            let value = try JSONParser.parse(Array(answer.utf8), maximumDepth: 32)
            try require(value.object != nil, "an answer is \(value.kind)")
        } catch let error as JSONParseError {
            // Tags are written back as they came, repeated names and all.
            try require(error.problem.hasSuffix("is repeated"), "an answer is not JSON: \(error): \(answer)")
        }
    }

    static let seriesFile = FuzzTarget("series-file", maximumBytes: 1024, dictionary: "series") { bytes in
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        do {
            let file = try SeriesFile(parsing: text, file: "series.txt")
            for metric in file.metrics {
                for side in Side.allCases {
                    let values = file.values(metric: metric, side: side)
                    try require(values.count <= 1_000_000, "a side has \(values.count) samples")
                }
            }
        } catch let error as SeriesFileError {
            try requireCleanLine(error.description)
        }
    }

    static let condition = FuzzTarget("condition", maximumBytes: 1100, dictionary: "condition") { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        do {
            let condition = try Condition(parsing: text)
            try require(try Condition(parsing: condition.text) == condition, "a condition changes when read again")
        } catch let error as ConditionError {
            try requireCleanLine(error.description)
            try require(error.column >= 1, "an error stands at column \(error.column)")
        }
    }

    /// Destinations of notifications: no name or address in them ends a header, or a line of a log.
    static let notifications = FuzzTarget("notifications", maximumBytes: 2048, dictionary: "notifications") { bytes in
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        do {
            let destinations = try NotificationFiles.read(text, file: "n.yaml")
            try require(try NotificationFiles.read(text, file: "n.yaml") == destinations, "two readings differ")
            try require(Set(destinations.map(\.name)).count == destinations.count, "a name is there twice")
            for destination in destinations { try check(destination) }
        } catch let error as PlanFileErrors {
            try require(!error.errors.isEmpty, "no error says what is wrong")
            for problem in error.errors { try requireCleanLine(problem.description) }
        }
    }

    private static func check(_ destination: NotificationDestination) throws {
        try requireCleanLine(destination.name, maximumBytes: 40)
        switch destination.receiver {
        case .email(let route):
            for address in [route.from] + route.to { try requireCleanLine(address) }
            try requireCleanLine(route.server)
        case .template(_, let template):
            for header in template.headers where !(header.name + header.value).isEmpty {
                try requireCleanLine(header.name + header.value)
            }
        case .github(_, let repository), .githubDeployment(_, let repository): try requireCleanLine(repository)
        case .githubPullRequest(_, let repository, let label): try requireCleanLine(repository + (label ?? ""))
        case .sentry(_, let release): try requireCleanLine(([release.organization] + release.projects).joined())
        case .grafana(let url, let place): try requireCleanLine(url + (place.dashboard ?? ""))
        case .slack, .teams, .alertmanager, .pagerduty, .gelf: break
        }
    }

    static let settingsFile = FuzzTarget("settings-file", maximumBytes: 2048, dictionary: "plan") { bytes in
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        do {
            let values = try FlatYAML.values(of: text, file: "settings.yaml")
            try require(try FlatYAML.values(of: text, file: "settings.yaml") == values, "two readings differ")
            let size = values.reduce(0) { $0 + $1.key.utf8.count + $1.value.text.utf8.count }
            try require(size <= 4 * 1_048_576, "\(bytes.count) bytes become \(size)")
        } catch let error as PlanFileErrors {
            try requireCleanLine(error.line, maximumBytes: 8192)
        }
    }
}
