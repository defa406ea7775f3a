/// The parts of a plan that could not be read as they are in the file.
///
/// Rules that span fields are checked beside them, so that all errors are reported at once, but not where they would be
/// about values that the file does not have.
struct UnreadParts {
    private let parts: Set<String>
    /// A key that is not known may be any other, misspelt.
    private let isAnyKey: Bool

    init(of errors: ArraySlice<PlanFileError>, known: [String]) {
        parts = Set(errors.map { Self.part(of: $0.field) })
        let keys = parts.map { $0.prefix { $0 != "[" } }
        isAnyKey = errors.count >= PlanFileErrors.maximumCount || keys.contains { !known.contains(String($0)) }
    }

    /// Whether what is said about a field may come from a value that was not read.
    func affect(_ field: String) -> Bool {
        guard !isAnyKey else { return true }
        let part = Self.part(of: field)
        if parts.contains(part) { return true }
        if part == "minimumSamples" || field == "sequential.passAfter" { return parts.contains("schedule") }
        // Whether a metric can decide depends on how long it has.
        if field == part, part.hasPrefix("metrics["), parts.contains("schedule") { return true }
        if part == "metrics" { return parts.contains { $0.hasPrefix("metrics[") } }
        // Which keys a metric may have depends on the judge.
        return part.hasPrefix("metrics[") && (parts.contains("judge") || parts.contains("metrics"))
    }

    /// `schedule` of `schedule.step`, `metrics[2]` of `metrics[2].effect.measure`.
    private static func part(of field: String) -> String { String(field.prefix { $0 != "." }) }
}
