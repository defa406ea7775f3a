import Analysis
import Glibc
import HTTPTransport

/// What the text of a setting must look like.
package enum SettingKind: Sendable, Equatable {
    case text
    /// Texts separated by commas.
    case list
    /// Kafka brokers, host:port separated by commas.
    case brokers
    /// An http or https URL that paths are added to: without a query.
    case address
    /// A whole http or https URL, with a query if need be.
    case endpoint
    case number(ClosedRange<Int>)
    /// `500ms`, `30s`, `1h30m`; 0 only where it has a meaning.
    case time(atLeast: Duration = .milliseconds(1))
    /// The same, or 0 for never.
    case timeOrNever(atLeast: Duration)
    /// True or false.
    case truth
    case choice([String])
    /// Any of these, separated by commas; at least one.
    case choices([String])
    /// A file that is there when the process starts.
    case file
    /// The same, with a secret in it.
    case secretFile

    /// What is wrong with a text, to be read after the setting's name and a colon; nil when nothing is.
    package func problem(_ text: String) -> String? {
        switch self {
        case .text, .list: nil
        case .brokers: BrokersCheck.problem(text)
        case .address: AddressCheck(takesQuery: false).problem(text)
        case .endpoint: AddressCheck(takesQuery: true).problem(text)
        case .number(let range):
            Int(text).map(range.contains) == true
                ? nil : "\"\(text)\" is not a number between \(range.lowerBound) and \(range.upperBound)"
        case .time(let least): Self.timeProblem(text, least)
        case .timeOrNever(let least): Self.timeProblem(text, least, takesZero: true)
        case .truth: Self.truth(text) == nil ? "\"\(text)\" is neither true nor false" : nil
        case .choice(let known):
            known.contains(text) ? nil : "\"\(text)\" is not one of \(known.joined(separator: ", "))"
        case .choices(let known): Self.choicesProblem(text, known)
        case .file, .secretFile: nil
        }
    }

    /// What is wrong with the file that a text names; nil when nothing is, or it names none.
    package func fileProblem(_ path: String) -> String? {
        switch self {
        case .file:
            access(path, R_OK) == 0 ? nil : "the file \(path) cannot be read: \(String(cString: strerror(errno)))"
        case .secretFile: Self.secretProblem(path)
        default: nil
        }
    }

    /// The meaning of true and false; nil for any other text.
    package static func truth(_ text: String) -> Bool? {
        switch text {
        case "true", "1", "yes", "on": true
        case "false", "0", "no", "off": false
        default: nil
        }
    }

    /// The parts of a list.
    package static func parts(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingWhitespace() }.filter { !$0.isEmpty }
    }

    private static func timeProblem(_ text: String, _ least: Duration, takesZero: Bool = false) -> String? {
        guard let duration = Duration(compactText: text) else {
            return "\"\(text)\" is not a time such as 500ms, 30s, 5m or 1h30m"
        }
        guard duration < least, !(takesZero && duration == .zero) else { return nil }
        return "must be \(least.compactText) or longer\(takesZero ? ", or 0s for never" : "")"
    }

    private static func choicesProblem(_ text: String, _ known: [String]) -> String? {
        let names = known.joined(separator: ", ")
        let parts = parts(text)
        if let unknown = parts.first(where: { !known.contains($0) }) { return "\"\(unknown)\" is not one of \(names)" }
        return parts.isEmpty ? "names none of \(names)" : nil
    }

    private static func secretProblem(_ path: String) -> String? {
        do throws(SecretError) { _ = try Secret(file: path) } catch { return error.description }
        return nil
    }
}
