import Analysis
package import PlanFormats
import Reports

/// The pages of the plans: which plan judges what, what is wrong with their files, and each plan in words.
package enum PlansPage {
    package static func html(_ shelf: PlanShelf, version: String) -> String {
        page("Plans", [.init(text: "Plans", address: nil)], PageTemplates.render(List(shelf), "plans"), version)
    }

    /// The page of one plan; nil where none in use has the name.
    package static func html(ofPlan name: String, _ shelf: PlanShelf, version: String) -> String? {
        guard let document = shelf.directory.plans.first(where: { $0.plan.name == name }) else { return nil }
        return page(
            "Plan \(name)",
            [.init(text: "Plans", address: "/plans"), .init(text: name, address: nil)],
            PageTemplates.render(One(document), "plan"),
            version
        )
    }

    package static func address(ofPlan name: String) -> String { "/plans/\(name.pathSegment)" }

    private static func page(
        _ title: String,
        _ crumbs: [PageFrame.Crumb],
        _ content: String,
        _ version: String
    ) -> String {
        let frame = PageFrame(title: title, crumbs: crumbs, isLive: false, content: content, version: version)
        return PageTemplates.render(frame, "page")
    }

    private static func place(_ document: PlanDocument) -> String {
        "\(withoutFolder(document.file)), line \(document.line)"
    }

    /// Where the files lie on the machine of the service is of no use to those who read a page.
    private static func withoutFolder(_ file: String) -> String {
        file.split(separator: "/").last.map(String.init) ?? file
    }

    private static func warnings(_ document: PlanDocument) -> [String] {
        PlanWarnings.warnings(for: document).map { warning in
            let place = warning.line > 0 ? "line \(warning.line): " : ""
            return "\(place)\(warning.field.isEmpty ? "" : "\(warning.field): ")\(warning.problem)"
        }
    }

    /// What the template of all of them reads.
    private struct List {
        struct Plan {
            var name: String
            var address: String
            var applications: String
            var environments: String
            var judge: String
            var metrics: Int
            var looks: String
            var file: String
            var isClean: Bool
            var warnings: [String]
        }

        var refused: [String]
        var isRefused: Bool
        var ties: [String]
        var loaded: String
        var loadedText: String
        var hasPlans: Bool
        var plans: [Plan]

        init(_ shelf: PlanShelf) {
            refused = shelf.refused.map { PlansPage.sentences($0, shelf) } ?? []
            isRefused = !refused.isEmpty
            ties = shelf.directory.ties.map { PlansPage.sentences($0, shelf) } ?? []
            loaded = shelf.loadedAt.rfc3339
            loadedText = shelf.loadedAt.readable
            plans = shelf.directory.plans.map { document in
                let plan = document.plan
                let warnings = PlansPage.warnings(document)
                return Plan(
                    name: plan.name,
                    address: address(ofPlan: plan.name),
                    applications: PlanWords.names(plan.match.applications),
                    environments: PlanWords.names(plan.match.environments),
                    judge: plan.judge,
                    metrics: plan.metrics.count,
                    looks: PlanWords.looks(plan.schedule),
                    file: place(document),
                    isClean: warnings.isEmpty,
                    warnings: warnings
                )
            }
            hasPlans = !plans.isEmpty
        }
    }

    private static func sentences(_ errors: PlanFileErrors, _ shelf: PlanShelf) -> [String] {
        let files = errors.errors.map(\.file) + shelf.directory.plans.map(\.file)
        return errors.description.split(separator: "\n").map { line in
            Set(files).sorted { $0.count > $1.count }.reduce(String(line)) { text, file in
                text.replacing(file, with: withoutFolder(file))
            }
        }
    }

    /// What the template of one reads.
    private struct One {
        struct Named {
            var name: String
            var value: String
        }

        struct Metric {
            var name: String
            var anchor: String
            var role: String?
            var words: [String]
            var queries: [Named]
        }

        var name: String
        var file: String
        var judges: String
        var facts: [Named]
        var warnings: [String]
        var hasWarnings: Bool
        var metrics: [Metric]

        init(_ document: PlanDocument) {
            let plan = document.plan
            let words = PlanWords(plan)
            name = plan.name
            file = place(document)
            judges = words.judges
            facts = words.facts.map { Named(name: $0.name, value: $0.value) }
            warnings = PlansPage.warnings(document)
            hasWarnings = !warnings.isEmpty
            metrics = plan.metrics.enumerated().map { number, metric in
                Metric(
                    name: metric.name,
                    anchor: "metric-\(number)",
                    role: metric.muted
                        ? "shown only" : metric.critical ? "critical" : metric.isSignal ? "signal" : nil,
                    words: words.sentences(of: metric),
                    queries: PlanWords.queries(of: metric).map { Named(name: $0.name, value: $0.value) }
                )
            }
        }
    }
}
