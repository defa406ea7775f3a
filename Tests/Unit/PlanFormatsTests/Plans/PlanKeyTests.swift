import Analysis
import PlanFormats
import Testing

/// The catalogue of keys is what the reader accepts.
@Suite struct PlanKeyTests {
    private static let reader = PlanReader()

    /// A plan with one more line in the object of the key.
    private static func plan(with line: String, in object: PlanKey.Object) -> String {
        func part(_ path: PlanKey.Object, _ indentation: Int) -> String {
            path == object ? String(repeating: " ", count: indentation) + line + "\n" : ""
        }
        return part(.plan, 0)
            + "match:\n" + "  environments: [e]\n" + part(.match, 2)
            + "scopes:\n" + part(.scopes, 2) + "  control:\n" + part(.control, 4) + "    labels: {a: b}\n"
            + "  experiment:\n" + part(.experiment, 4) + "    labels: {a: c}\n"
            + "events:\n  labels: add\n" + part(.events, 2)
            + "schedule:\n" + part(.schedule, 2) + "  interval: 1m\n  lifetime: 10m\n"
            + "thresholds:\n" + part(.thresholds, 2) + "  pass: 90\n"
            + "sequential:\n" + part(.sequential, 2) + "  alpha: 0.05\n"
            + "metrics:\n  - name: m\n    query: up\n" + part(.metric, 4)
            + "    outliers:\n" + part(.outliers, 6) + "      remove: 3\n"
            + "    effect:\n" + part(.effect, 6) + "      measure: cles\n"
            + "    pods:\n" + part(.pods, 6) + (object == .pods ? "" : "      label: pod\n")
            + "    strata:\n" + part(.strata, 6) + (object == .strata ? "" : "      label: route\n")
            + "    newValues:\n" + part(.newValues, 6) + (object == .newValues ? "" : "      label: code\n")
    }

    /// A list in a list is no value of any key, so each complaint shows that the key is read.
    @Test(arguments: PlanKey.all)
    func `each key is read`(key: PlanKey) {
        let text = Self.plan(with: "\(key.name): [[]]", in: key.object)
        let error = #expect(throws: PlanFileErrors.self) { try Self.reader.read(text, file: "p.yaml") }
        let message = "\(error.map { "\($0)" } ?? "")"
        #expect(!message.contains("is not a known key"), "\(message)")
        #expect(message.contains(key.name), "\(message)")
    }

    @Test(arguments: PlanKey.Object.allCases)
    func `no object takes other keys`(object: PlanKey.Object) {
        let text = "name: n\n" + Self.plan(with: "another: 1", in: object)
        let error = #expect(throws: PlanFileErrors.self) { try Self.reader.read(text, file: "p.yaml") }
        let message = "\(error.map { "\($0)" } ?? "")"
        #expect(message.contains("another: is not a known key"), "\(message)")
        for key in PlanKey.all where key.object == object { #expect(message.contains(key.name), "\(message)") }
    }

    @Test func `required keys are required`() {
        let error = #expect(throws: PlanFileErrors.self) {
            try Self.reader.read(
                "schedule: {}\nscopes: {experiment: {}}\nmetrics: [{outliers: {}, pods: {}, newValues: {}, strata: {}}]",
                file: "p.yaml"
            )
        }
        let message = "\(error.map { "\($0)" } ?? "")"
        let known = ["name", "schedule.interval", "schedule.lifetime", "scopes.experiment.labels"]
        for field in known + [
            "metrics[0].name", "metrics[0].query", "metrics[0].outliers.remove", "metrics[0].pods.label",
            "metrics[0].newValues.label", "metrics[0].strata.label",
        ] {
            #expect(message.contains("\(field): is required"), "\(field): \(message)")
        }
        #expect(PlanKey.all.count { $0.isRequired } == known.count + 5 + ["schedule", "metrics"].count)
    }
}
