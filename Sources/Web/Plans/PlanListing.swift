import Analysis
import Judging
import PlanFormats

/// The plans of the directory as the HTTP interface shows them.
struct PlanListing: Codable, Sendable {
    /// Which releases a plan is for; empty lists fit any.
    struct Match: Codable, Sendable {
        var applications: [String]
        var environments: [String]
    }

    struct Entry: Codable, Sendable {
        var name: String
        var file: String
        /// Where the plan's name stands.
        var line: Int
        var judge: String
        var match: Match
        var metrics: Int

        init(_ document: PlanDocument) {
            let plan = document.plan
            name = plan.name
            file = document.file
            line = document.line
            judge = plan.judge
            match = Match(applications: plan.match.applications, environments: plan.match.environments)
            metrics = plan.metrics.count
        }
    }

    var plans: [Entry]
    var loadedAt: Timestamp
    /// What is wrong with the files as they are now, so that those read before stay in use; absent where nothing is.
    var refused: PlanProblems?
    /// Plans that fit some release equally closely, which gets none; absent without any.
    var ties: PlanProblems?

    init(_ shelf: PlanShelf) {
        plans = shelf.directory.plans.map(Entry.init)
        loadedAt = shelf.loadedAt
        refused = shelf.refused.map(PlanProblems.init)
        ties = shelf.directory.ties.map(PlanProblems.init)
    }
}

/// What is wrong in plan files, or may surprise in them, each with its place.
struct PlanProblems: Codable, Sendable {
    struct Problem: Codable, Sendable {
        var file: String
        /// Both count from 1; absent where it is about the file as a whole.
        var line: Int?
        var column: Int?
        /// As `metrics[2].direction`; empty for the whole document.
        var field: String
        var problem: String
        /// The line of the file with a mark below the place, where that helps.
        var excerpt: String?
    }

    var problems: [Problem]
    /// Further ones, which are not shown.
    var omitted: Int

    init(_ errors: PlanFileErrors) {
        problems = errors.errors.map(Problem.init)
        omitted = errors.omitted
    }
}

extension PlanProblems.Problem {
    init(_ error: PlanFileError) {
        self.init(
            file: error.file,
            line: error.line > 0 ? error.line : nil,
            column: error.line > 0 ? error.column : nil,
            field: error.field,
            problem: error.problem,
            excerpt: error.excerpt?.description
        )
    }

    init(_ warning: PlanWarning) {
        self.init(
            file: warning.file,
            line: warning.line > 0 ? warning.line : nil,
            column: warning.line > 0 ? warning.column : nil,
            field: warning.field,
            problem: warning.problem,
            excerpt: warning.excerpt?.description
        )
    }
}

/// One plan of the directory.
struct ShownPlan: Codable, Sendable {
    var entry: PlanListing.Entry
    var plan: PlanView
    var loadedAt: Timestamp
    /// What is accepted and may surprise.
    var warnings: [PlanProblems.Problem]

    init(_ document: PlanDocument, loadedAt: Timestamp) {
        entry = PlanListing.Entry(document)
        plan = PlanView(document.plan)
        self.loadedAt = loadedAt
        warnings = PlanWarnings.warnings(for: document).map(PlanProblems.Problem.init)
    }
}

/// What `assay validate` says of a text.
struct PlanCheck: Codable, Sendable {
    struct Plan: Codable, Sendable {
        var entry: PlanListing.Entry
        var warnings: [PlanProblems.Problem]
        /// What each metric can find, of the judge that says so beforehand.
        var outlooks: [Outlook]
    }

    struct Outlook: Codable, Sendable {
        var metric: String
        var sentence: String
    }

    var isValid: Bool
    var plans: [Plan]
    var errors: [PlanProblems.Problem]
    /// Further errors, which are not shown.
    var omitted: Int

    init(_ read: Result<[PlanDocument], PlanFileErrors>) {
        switch read {
        case .success(let documents):
            isValid = true
            plans = documents.map { document in
                Plan(
                    entry: PlanListing.Entry(document),
                    warnings: PlanWarnings.warnings(for: document).map(PlanProblems.Problem.init),
                    outlooks: Self.outlooks(document.plan)
                )
            }
            (errors, omitted) = ([], 0)
        case .failure(let failure):
            isValid = false
            plans = []
            errors = failure.errors.map(PlanProblems.Problem.init)
            omitted = failure.omitted
        }
    }

    private static func outlooks(_ plan: AnalysisPlan) -> [Outlook] {
        guard plan.isSequential else { return [] }
        return plan.metrics.enumerated().map { index, metric in
            Outlook(metric: metric.name, sentence: DetectionOutlook(of: index, in: plan, weight: nil).sentence)
        }
    }
}
