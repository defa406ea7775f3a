package import Analysis
import Text

/// The plans of a directory, and the choice of one for a deploy event. A value: reloading makes a new one.
package struct PlanDirectory: Sendable {
    /// In the order of files and documents.
    package let plans: [PlanDocument]
    private let reader: PlanReader

    /// Names must be unique.
    package init(plans: [PlanDocument], reader: PlanReader) throws(PlanFileErrors) {
        var first: [String: PlanDocument] = [:]
        var errors: [PlanFileError] = []
        for document in plans {
            let name = document.plan.name
            if let other = first[name] {
                let problem = "\"\(name)\" is also the name of the plan in \(other.file), line \(other.line)"
                let position = document.positions["name"]
                errors.append(PlanFileError(file: document.file, position: position, field: "name", problem: problem))
            } else {
                first[name] = document
            }
        }
        guard errors.isEmpty else { throw PlanFileErrors(errors) }
        self.plans = plans
        self.reader = reader
    }

    /// Plans that fit some release equally closely: such a release gets neither. It is an error of the files; other
    /// releases are judged.
    package var ties: PlanFileErrors? {
        let ties = PlanTies(plans.map(\.plan.match)).ties.map { tie in
            let (document, other) = (plans[tie.second], plans[tie.first])
            let problem =
                "fits application \"\(tie.release.application.excerpt())\" in environment "
                + "\"\(tie.release.environment.excerpt())\" as closely as the plan \(other.plan.name.excerpt()) "
                + "(\(other.file), line \(other.line)): make one match more specific"
            return PlanFileError(
                file: document.file,
                position: document.positions["match"],
                field: "match",
                problem: problem
            )
        }
        return ties.isEmpty ? nil : PlanFileErrors(ties)
    }

    /// The plan of the event itself, else the plan it names, else the plan that fits its application and environment best.
    package func plan(for event: DeployEvent) throws(PlanSelectionError) -> AnalysisPlan {
        if let text = event.inlinePlan {
            do {
                return try reader.readInline(text).plan
            } catch {
                throw PlanSelectionError(.badInlinePlan, error.line)
            }
        }
        if let name = event.planName { return try plan(named: name, for: event.release.key) }
        return try bestMatch(for: event.release.key)
    }

    private func plan(named name: String, for release: ReleaseKey) throws(PlanSelectionError) -> AnalysisPlan {
        if let plan = plans.first(where: { $0.plan.name == name })?.plan {
            guard plan.events.releases == .any || plan.match.matches(release) else {
                throw PlanSelectionError(
                    .otherRelease,
                    "The plan \"\(name.excerpt(128))\" is not for application \"\(release.application.excerpt())\" in"
                        + " environment \"\(release.environment.excerpt())\" (match). Events of other releases may name"
                        + " a plan that says events.releases: any."
                )
            }
            return plan
        }
        let hint = Spelling.hint(for: name, among: plans.map(\.plan.name))
        throw PlanSelectionError(
            .unknownName,
            "There is no plan named \"\(name.excerpt(128))\"\(hint): \(existing)."
        )
    }

    private func bestMatch(for release: ReleaseKey) throws(PlanSelectionError) -> AnalysisPlan {
        let matches = plans.compactMap { document in
            document.plan.match.specificity(for: release).map { (document: document, specificity: $0) }
        }
        guard let best = matches.map(\.specificity).max() else {
            throw PlanSelectionError(
                .noMatch,
                "No plan matches application \"\(release.application)\" in environment \"\(release.environment)\":"
                    + " \(existing)."
            )
        }
        let closest = matches.filter { $0.specificity == best }.map(\.document)
        guard closest.count == 1 else {
            let names = closest.prefix(5).map { "\($0.plan.name) (\($0.file))" }.joined(separator: " and ")
            throw PlanSelectionError(
                .ambiguous,
                "The plans \(names) match application \"\(release.application)\" in environment"
                    + " \"\(release.environment)\" equally well: make one match more specific, or name a plan in the event."
            )
        }
        return closest[0].plan
    }

    private var existing: String {
        guard !plans.isEmpty else { return "there are no plans at all" }
        let names = plans.map(\.plan.name).sorted()
        let more = names.count > 20 ? " and \(names.count - 20) more" : ""
        return "the plans are \(names.prefix(20).joined(separator: ", "))\(more)"
    }
}
