/// Why a metric is classified as it is, in one sentence.
///
/// A judge names the sentence; it is put into words where it is read. Equal are reasons that read the same, and as JSON a
/// reason is its text.
package struct MetricReason: Sendable {
    private enum Sentence: Sendable {
        case said
        case missingData
        case classified(MetricClassification, isCritical: Bool)
    }

    private var sentence: Sentence
    /// The metric's name, or the whole sentence where it has been said.
    private var subject: String

    package init(_ text: String) {
        sentence = .said
        subject = text
    }

    private init(_ sentence: Sentence, _ subject: String) {
        self.sentence = sentence
        self.subject = subject
    }

    static let identical = MetricReason("The Canary and Baseline data are identical")
    static let failed = MetricReason("Metric Classification Failed")

    static func missingData(for metric: String) -> MetricReason { MetricReason(.missingData, metric) }

    static func classified(
        _ metric: String,
        as classification: MetricClassification,
        isCritical: Bool
    ) -> MetricReason {
        MetricReason(.classified(classification, isCritical: isCritical), metric)
    }

    package var text: String {
        switch sentence {
        case .said: subject
        case .missingData: "Missing data for \(subject)"
        case .classified(let classification, isCritical: false):
            "\(subject) was classified as \(classification.rawValue)"
        case .classified(let classification, isCritical: true):
            "The metric \(subject) was classified as \(classification.rawValue) (Critical)"
        }
    }
}

extension MetricReason: CustomStringConvertible {
    package var description: String { text }
}

extension MetricReason: Equatable {
    package static func == (left: MetricReason, right: MetricReason) -> Bool { left.text == right.text }
}

extension MetricReason: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self.init(text) }
}

extension MetricReason: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
