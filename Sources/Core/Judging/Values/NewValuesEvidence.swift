import Text

/// Values of a label that the experiment has events of, and the control never had.
package struct NewValuesEvidence: Sendable, Equatable, Codable {
    package struct Value: Sendable, Equatable, Codable {
        package var name: String
        package var events: Double

        package init(name: String, events: Double) {
            self.name = name
            self.events = events
        }
    }

    /// What new values mean, as the plan says.
    package enum Treatment: OpenEnumeration {
        /// They are said.
        case warned
        /// The metric does not pass.
        case held
        /// The metric fails.
        case failed
        /// A name that a newer version has made.
        case unknown(String)

        package static let allCases: [Treatment] = [.warned, .held, .failed]

        package var rawValue: String {
            switch self {
            case .warned: "warned"
            case .held: "held"
            case .failed: "failed"
            case .unknown(let name): name
            }
        }

        init(_ policy: NewValuesPolicy) {
            switch policy {
            case .warn: self = .warned
            case .hold: self = .held
            case .fail: self = .failed
            }
        }
    }

    package var label: String
    package var treatment: Treatment
    /// Those with most events first, at most 5.
    package var values: [Value]
    /// How many more there are.
    package var others: Int
    /// There were too many values to tell, or they could not be asked for: none is called new.
    package var isCut: Bool
    /// The time before the release was looked at too.
    package var hasHistory: Bool

    package init(
        label: String,
        treatment: Treatment = .warned,
        values: [Value] = [],
        others: Int = 0,
        isCut: Bool = false,
        hasHistory: Bool = true
    ) {
        self.label = label
        self.treatment = treatment
        self.values = values
        self.others = others
        self.isCut = isCut
        self.hasHistory = hasHistory
    }

    /// New values keep the metric from passing.
    package var isHeld: Bool { treatment == .held && !values.isEmpty }

    /// In a sentence; nil where there is nothing to say.
    package var sentence: String? {
        if isCut {
            return "\(label) has more values than are told apart, or could not be asked for, so none is called new"
        }
        guard !values.isEmpty else { return nil }
        let names = values.map { value in
            "\(label)=\"\(value.name.excerpt(60))\" (\(value.events.briefCount) events)"
        }
        let more = others > 0 ? ", and \(others) more" : ""
        let isOne = values.count == 1 && others == 0
        let when = hasHistory ? ", now or before the release" : "; what it had before the release is not known"
        return "new: \(names.joined(separator: ", "))\(more), which the control has not had\(when)"
            + (treatment == .held ? "; \(isOne ? "it keeps" : "they keep") the release from passing (newValues)" : "")
    }
}
