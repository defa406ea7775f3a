import PlanFormats

/// Every key of a plan as Markdown tables: what `assay plan-keys` prints and the documentation shows.
package enum PlanReference {
    package static var markdown: String {
        PlanKey.Object.allCases.map { object in
            "### \(title(object))\n\n\(table(PlanKey.all.filter { $0.object == object }))"
        }
        .joined(separator: "\n\n")
    }

    private static func title(_ object: PlanKey.Object) -> String {
        switch object {
        case .plan: "The plan"
        case .metric: "A metric"
        default: "`\(object.rawValue)`"
        }
    }

    private static func table(_ keys: [PlanKey]) -> String {
        let head = ["| key | value | default | meaning |", "| --- | --- | --- | --- |"]
        return (head + keys.map(row)).joined(separator: "\n")
    }

    private static func row(_ key: PlanKey) -> String {
        let standard = key.isRequired ? "required" : key.defaultText ?? ""
        return "| `\(key.name)` | \(key.value) | \(standard) | \(key.meaning) |"
    }
}
