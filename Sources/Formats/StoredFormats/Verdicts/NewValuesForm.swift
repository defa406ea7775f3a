import Judging

/// Values of a label that only the experiment has.
struct NewValuesForm: Codable {
    struct Value: Codable {
        var name: String
        var events: Double
    }

    var label: String
    var treatment: String
    var values: [Value]
    var others: Int
    var isCut: Bool
    var hasHistory: Bool

    init(_ evidence: NewValuesEvidence) {
        label = evidence.label
        treatment = evidence.treatment.rawValue
        values = evidence.values.map { Value(name: $0.name, events: $0.events) }
        others = evidence.others
        isCut = evidence.isCut
        hasHistory = evidence.hasHistory
    }

    var value: NewValuesEvidence {
        NewValuesEvidence(
            label: label,
            treatment: .init(named: treatment),
            values: values.map { NewValuesEvidence.Value(name: $0.name, events: $0.events) },
            others: others,
            isCut: isCut,
            hasHistory: hasHistory
        )
    }
}
