import Analysis
import ArgumentParser
import Foundation
import Judging
import Service

/// `assay approve`: a person decides that a release passes.
struct Approve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Decides that a release passes, whatever its analysis finds or found.",
        discussion: Decision.discussion(
            "A running analysis ends with pass. One that has ended gets a further final verdict, which replaces its verdict."
        )
    )

    @OptionGroup var decision: Decision

    func run() async throws { try await decision.run(.approve) }
}

/// `assay abort`: a person decides that a release fails.
struct Abort: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Decides that a release fails, whatever its analysis finds or found.",
        discussion: Decision.discussion(
            "A running analysis ends with fail. One that has ended gets a further final verdict, which replaces its verdict."
        )
    )

    @OptionGroup var decision: Decision

    func run() async throws { try await decision.run(.abort) }
}

/// `assay cancel`: a person ends an analysis without an answer.
struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ends a running analysis without an answer: its verdict is cancelled and leads to nothing.",
        discussion: Decision.discussion(
            "The release stays as it is. One whose analysis has ended with another verdict cannot be cancelled."
        )
    )

    @OptionGroup var decision: Decision

    func run() async throws { try await decision.run(.cancel) }
}

/// What the three have in common.
struct Decision: ParsableArguments {
    @Argument(parsing: .allUnrecognized, help: .init(stringLiteral: AnalysisArguments.help))
    var analysis: [String] = []

    @Option(help: "Why, in a sentence. It is shown to those who read the verdict.")
    var reason: String

    @Option(
        help:
            "The id of the final verdict that you know, or none. Needed to decide against another person's decision; where it is given and another verdict is there, nothing is decided."
    )
    var seen: String?

    @Option(help: "Cluster, where the release is in several.")
    var cluster: String?

    @Option(help: "Namespace, where the release is in several.")
    var namespace: String?

    static func discussion(_ what: String) -> String {
        """
        \(what)

        Who decided, when and why stands in the verdict and in the trail: who is the name of the token, which needs the role
        approve (cancel: approve or emit).

        Exit code 0: it is decided, or the verdict said so before. 3: it is not; one sentence says why.

        The service is asked over HTTP (--assay-url or ASSAY_URL). It must be of version 0.2.0 or newer.

        \(SettingsHelp.text(for: .pipeline))
        """
    }

    func run(_ kind: PersonDecision.Kind) async throws {
        try await ExitReport.guarding {
            let arguments = try AnalysisArguments(analysis, cluster: cluster, namespace: namespace)
            let service = try AskedService(arguments.settings)
            let receipt = try await service.client.decide(
                kind,
                aboutSession: try await arguments.session(service.client),
                reason: reason,
                seen: seen,
                key: UUID().uuidString
            )
            print("\(receipt.isNew ? "decided" : "unchanged"): \(kind.rawValue), verdict \(receipt.verdict)")
        }
    }
}

/// `assay feedback`: whether a verdict was right.
struct Feedback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says whether the final verdict of an analysis was right.",
        discussion: """
            It is kept with the analysis, shown in its trail and counted (assay_verdict_feedback_total); the verdict stays as it
            is. The token needs the role approve or emit.

            Exit code 0: it is kept, or was kept before. 3: it is not; one sentence says why.

            The service is asked over HTTP (--assay-url or ASSAY_URL). It must be of version 0.2.0 or newer.

            \(SettingsHelp.text(for: .pipeline))
            """
    )

    enum Opinion: String, ExpressibleByArgument, CaseIterable {
        case right
        case wrong
    }

    @Argument(help: "right or wrong.")
    var opinion: Opinion

    @Argument(parsing: .allUnrecognized, help: .init(stringLiteral: AnalysisArguments.help))
    var analysis: [String] = []

    @Option(help: "Why, in a sentence.")
    var note: String?

    @Option(help: "Cluster, where the release is in several.")
    var cluster: String?

    @Option(help: "Namespace, where the release is in several.")
    var namespace: String?

    func run() async throws {
        try await ExitReport.guarding {
            let arguments = try AnalysisArguments(analysis, cluster: cluster, namespace: namespace)
            let service = try AskedService(arguments.settings)
            let isNew = try await service.client.keep(
                VerdictFeedback.Opinion(named: opinion.rawValue),
                onSession: try await arguments.session(service.client),
                note: note
            )
            print("\(isNew ? "kept" : "unchanged"): \(opinion.rawValue)")
        }
    }
}
