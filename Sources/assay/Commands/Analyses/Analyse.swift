import Analysis
import ArgumentParser
import EventFormats
import Foundation
import JSON
import Reports
import Service
import Text
import TextFiles

/// `assay analyse`: what a plan says of a past window.
struct Analyse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Judges a past window by a plan, as a live analysis would have done.",
        discussion: """
            Nothing acts on what comes of it: no gate opens, no controller and no pipeline hears of it. The window is the
            plan's time after --deployed-at, or --from and --to; the control may be of another time. The service makes it,
            behind live analyses, keeps it, and has a page of it.

            Exit codes are those of `assay wait`. 0: pass. 1: fail. 2: marginal or inconclusive, also where the metrics back
            end gave no answer. 3: the request was refused, it was not made in time, or an error; one sentence says why.

            The service is asked over HTTP (--assay-url or ASSAY_URL) with a token that may write.

            \(SettingsHelp.text(for: .pipeline))
            """
    )

    @Option(help: "The application.")
    var application: String?

    @Option(help: "The environment.")
    var environment: String?

    @Option(help: "The version.")
    var releaseVersion: String?

    @Option(help: "Namespace of the workload.")
    var namespace: String?

    @Option(help: "Cluster of the workload.")
    var cluster: String?

    @Option(help: "When the version began to receive traffic (RFC 3339): the plan's time after it is judged.")
    var deployedAt: String?

    @Option(help: "The start of the window (RFC 3339): samples after it are judged.")
    var from: String?

    @Option(help: "The end of the window.")
    var to: String?

    @Option(help: "Label of the new version's series, name=value; may be repeated.")
    var experiment: [String] = []

    @Option(help: "Label of the control's series, name=value; may be repeated.")
    var control: [String] = []

    @Option(help: "The start of the control's window, where that is another one.")
    var controlFrom: String?

    @Option(help: "The end of the control's window.")
    var controlTo: String?

    @Option(help: "Percent of the requests that the new version got.")
    var weight: Double?

    @Option(help: "Name of the plan; the one that fits the release if left out.")
    var plan: String?

    @Option(help: "File with a plan to judge by (the service must accept plans of callers).")
    var planFile: String?

    @Option(help: "Send this file (the JSON that POST /v1/analyses takes); with no option of the request beside it.")
    var file: String?

    @Option(help: "How long to wait for its end.")
    var timeout = "10m"

    @Option(help: "How it is printed.")
    var output = OutputForm.table

    @Flag(help: "Print every metric, with statistics and queries, and every change.")
    var all = false

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    /// More than a request may have.
    private static let maximumFileBytes = 1 << 20

    func run() async throws {
        try await ExitReport.guarding {
            guard let patience = Duration(compactText: timeout), patience > .zero else {
                throw SettingsError("--timeout: \"\(timeout.excerpt())\" is not a time such as 30s or 10m")
            }
            let body = try body()
            let service = try AskedService(settings)
            let end = ContinuousClock.now + patience
            let id = try await service.client.openPastAnalysis(body)
            guard try await service.client.waitForPastAnalysis(id, until: end) else {
                throw SettingsError(
                    "the analysis \(id) has not ended in \(patience.compactText); its page is"
                        + " \(service.client.url)/analyses/\(id)"
                )
            }
            let answer = try await service.client.report(ofPastAnalysis: id, withSamples: output == .json)
            try StandardOutput.write(text(answer))
            guard let ending = answer.report.ending else { throw ExitCode(ExitReport.failure) }
            throw ExitCode(VerdictExit.code(ending.status, ending.result))
        }
    }

    private func text(_ answer: ServiceClient.AnswerWithReport) -> String {
        switch output {
        case .table:
            ReportText(style: .standardOutput, isWhole: all).lines(answer.report).map { $0 + "\n" }.joined()
        case .json: String(decoding: answer.json, as: UTF8.self) + "\n"
        case .markdown: ReportMarkdown.text(answer.report)
        }
    }

    // MARK: - The request

    func body() throws -> [UInt8] {
        guard let file else { return JSONValue.object(PastWindowEncoder.encode(try request())).jsonBytes }
        let given: [Any?] = [
            application, environment, releaseVersion, namespace, cluster, deployedAt, from, to, controlFrom, controlTo,
            weight, plan, planFile,
        ]
        guard given.allSatisfy({ $0 == nil }), experiment.isEmpty, control.isEmpty else {
            throw SettingsError("--file is the whole request: give no option of the request beside it")
        }
        return Array(try Self.text(of: file).utf8)
    }

    private func request() throws -> PastWindowRequest {
        func required(_ value: String?, _ option: String) throws -> String {
            guard let value else { throw SettingsError("\(option) is required, or --file") }
            return value
        }
        let window = try Self.window(from, "--from", to, "--to")
        guard (window == nil) != (deployedAt == nil) else {
            throw SettingsError("give either --deployed-at, or --from and --to")
        }
        guard plan == nil || planFile == nil else { throw SettingsError("give --plan or --plan-file, not both") }
        let controlLabels = try Emit.labels(control, "--control")
        let experimentLabels = try Emit.labels(experiment, "--experiment")
        return PastWindowRequest(
            event: DeployEvent(
                identity: EventIdentity(source: PastWindowDecoder.source, id: "new"),
                time: try deployedAt.map { try Self.time($0, "--deployed-at") },
                application: try required(application, "--application"),
                environment: try required(environment, "--environment"),
                namespace: namespace,
                cluster: cluster,
                version: try required(releaseVersion, "--release-version"),
                control: controlLabels.isEmpty ? nil : .labels(controlLabels),
                experiment: experimentLabels.isEmpty ? nil : experimentLabels,
                weight: weight,
                planName: plan,
                inlinePlan: try planFile.map(Self.text)
            ),
            window: window,
            controlWindow: try Self.window(controlFrom, "--control-from", controlTo, "--control-to")
        )
    }

    private static func window(
        _ from: String?,
        _ fromName: String,
        _ to: String?,
        _ toName: String
    ) throws -> TimeWindow? {
        switch (from, to) {
        case (nil, nil): return nil
        case (let from?, let to?): return TimeWindow(start: try time(from, fromName), end: try time(to, toName))
        default: throw SettingsError("\(fromName) and \(toName) go together")
        }
    }

    private static func time(_ text: String, _ option: String) throws -> Timestamp {
        guard let time = Timestamp(rfc3339: text) else {
            throw SettingsError("\(option): \"\(text.excerpt())\" is not an RFC 3339 time such as 2026-11-21T10:15:30Z")
        }
        return time
    }

    private static func text(of path: String) throws -> String {
        try TextFile.read(path, maximumBytes: maximumFileBytes, acceptsPipes: true)
    }
}
