/// A key of the plan format: what the reader accepts and the reference shows.
package struct PlanKey: Sendable, Equatable {
    /// The objects of a plan file, in the order of the reference.
    package enum Object: String, Sendable, CaseIterable {
        case plan = ""
        case match
        case scopes
        case control = "scopes.control"
        case experiment = "scopes.experiment"
        case events
        case schedule
        case thresholds
        case sequential
        case metric = "metrics[]"
        case outliers = "metrics[].outliers"
        case effect = "metrics[].effect"
        case pods = "metrics[].pods"
        case strata = "metrics[].strata"
        case newValues = "metrics[].newValues"
    }

    package let object: Object
    package let name: String
    /// What may be written, with its bounds.
    package let value: String
    /// The default as it would be written; nil where there is none.
    package let defaultText: String?
    package let isRequired: Bool
    package let meaning: String

    init(
        _ object: Object,
        _ name: String,
        _ value: String,
        default defaultText: String? = nil,
        isRequired: Bool = false,
        _ meaning: String
    ) {
        self.object = object
        self.name = name
        self.value = value
        self.defaultText = defaultText
        self.isRequired = isRequired
        self.meaning = meaning
    }

    /// The names that an object may have, in the order in which errors list them.
    static func names(of object: Object) -> [String] {
        all.filter { $0.object == object }.map(\.name)
    }

    package static let all =
        ofPlan + ofMatch + ofScopes + ofEvents + ofSchedule + ofThresholds + ofSequential + ofMetric + ofEffect
        + ofSequentialEffect + ofPods + ofStrata + ofNewValues
}
