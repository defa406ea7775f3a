import Analysis
import ArgumentParser
import EventFormats
import Foundation
import Judging
import PlanFormats
import Service
import TextFiles

/// `assay emit`: publishes a deploy event.
struct Emit: AsyncParsableCommand {
    /// More than a message may have.
    private static let maximumFileBytes = 16 << 20

    static let configuration = CommandConfiguration(
        abstract: "Publishes a deploy event, or a change.",
        discussion: """
            Prints the event's id and the session that it opens. With --assay-url (ASSAY_URL) the event goes to the
            service over HTTP; without it to Kafka, which is reached as the settings say (--kafka-brokers or
            KAFKA_BROKERS; --kafka-… goes to librdkafka). Exit code 0: handed over. 3: not.

            With --wait the command then waits for the verdict on this very event, and ends with the exit codes of
            `assay wait`: 0 pass, 1 fail, 2 marginal or inconclusive, 3 no verdict, or the event was not handed over.

            \(SettingsHelp.text(for: .pipeline))
            """
    )

    @Option(help: "What was deployed.")
    var application: String?

    @Option(help: "Where it was deployed.")
    var environment: String?

    @Option(help: "The version that receives traffic now.")
    var releaseVersion: String?

    @Option(help: "Token that tells this release from a newer one (pod template hash, image digest, generation).")
    var revision: String?

    @Option(help: "Namespace of the workload.")
    var namespace: String?

    @Option(help: "Cluster of the workload.")
    var cluster: String?

    @Option(help: "Zone of availability.")
    var zone: String?

    @Option(help: "Node that it runs on, or that was changed; may be repeated.")
    var node: [String] = []

    @Option(help: "What was changed: service, or config, flag, data, schema, infrastructure, which open no analysis.")
    var kind: String?

    @Option(help: "What was changed, for people; for another kind than service.")
    var summary: String?

    @Option(help: "Digest of the image.")
    var imageDigest: String?

    @Option(help: "Name of the workload, where it differs from the application's.")
    var workload: String?

    @Option(help: "Label of the control's series, name=value; may be repeated.")
    var control: [String] = []

    @Option(help: "Compare with the same series this long ago (30m, 1d) instead of with a control.")
    var before: String?

    @Option(help: "Label of the new version's series, name=value; may be repeated.")
    var experiment: [String] = []

    @Option(help: "Percent of traffic that the new version receives.")
    var weight: Double?

    @Option(help: "Name of the plan to use.")
    var plan: String?

    @Option(help: "File with a plan to send along.")
    var planFile: String?

    @Option(help: "deployed or cancelled.")
    var phase = DeployEvent.Phase.deployed.rawValue

    @Option(help: "Event id; a random one if left out. The same id again is the same event, and must say the same.")
    var id: String?

    @Option(help: "CloudEvents source.")
    var source = EmitReport.defaultSource

    @Option(help: "Send this file (a structured CloudEvent in JSON) as it is; with no option of the event beside it.")
    var file: String?

    @Flag(help: "Send in structured mode instead of binary.")
    var structured = false

    @Flag(help: "Print what was done as JSON; with --wait also the verdict, on a line of its own.")
    var json = false

    @Flag(help: "Wait for the final verdict on the event, and end with the exit codes of `assay wait`.")
    var wait = false

    @OptionGroup var waiting: VerdictOptions

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var settings: [String] = []

    func run() async throws {
        try await ExitReport.guarding {
            // Options that are unknown are told first: what is missing may be what was meant by them.
            let settings = try SettingsLoader(.pipeline, arguments: settings).load()
            StandardError.warn(Exposures(settings, for: .pipeline))
            let event = try cloudEvent()
            let (key, session, verdict): (String, String?, VerdictWait?)
            switch DeployEventDecoder.decode(event) {
            case .deploy(let deploy):
                verdict = try verdictWait(for: deploy, settings)
                (key, session) = (deploy.application, SessionID.make(for: deploy.identity))
            case .change(let change):
                guard !wait else { throw SettingsError("--wait: a change opens no analysis, and gets no verdict") }
                (key, session, verdict) = (change.application ?? change.identity.source, nil, nil)
            case .malformed(let reason): throw SettingsError(reason)
            case .unknownType(let type): throw SettingsError("events of type \(type) are not deploy events")
            }
            let report = try await DeployEventSender.send(
                event,
                key: key,
                session: session,
                structured: structured || file != nil,
                settings
            )
            let lines = json ? [String(decoding: try DomainJSON.encode(report), as: UTF8.self)] : report.lines
            for line in lines {
                if waiting.result { StandardError.write(line + "\n") } else { print(line) }
            }
            if let verdict { throw try await verdict.run(settings) }
        } failing: {
            if waiting.result { print("none") }
        }
    }

    /// Nil without `--wait`. Slips in its options are found before the event is sent.
    func verdictWait(for deploy: DeployEvent, _ settings: Settings) throws -> VerdictWait? {
        guard wait else {
            if let option = waiting.given.first { throw SettingsError("\(option) goes with --wait only") }
            return nil
        }
        guard deploy.phase == .deployed else {
            throw SettingsError("--wait: an event of phase \(deploy.phase.rawValue) gets no verdict of its own")
        }
        let filter = ReleaseFilter(
            application: deploy.application,
            environment: deploy.environment,
            cluster: deploy.cluster,
            namespace: deploy.namespace,
            version: deploy.version
        )
        return try VerdictWait(
            .event(id: deploy.identity.id, source: deploy.identity.source, filter),
            waiting,
            sent: deploy,
            json: json,
            settings
        )
    }

    private func cloudEvent() throws -> CloudEvent {
        if let file {
            try refuseParts(beside: "--file")
            let text = try TextFile.read(file, maximumBytes: Self.maximumFileBytes, acceptsPipes: true)
            let bytes = Array(text.utf8)
            let type = EventHeader(name: "content-type", value: Array("application/cloudevents+json".utf8))
            return try CloudEventKafkaBinding.decode(value: bytes, headers: [type])
        }
        guard let phase = DeployEvent.Phase(rawValue: phase) else {
            throw SettingsError("--phase: \"\(phase)\" is neither deployed nor cancelled")
        }
        if let change = try change(phase) { return ChangeEventFormat.encode(change) }
        guard control.isEmpty || before == nil else { throw SettingsError("give --control or --before, not both") }
        var scope: ControlScope?
        if let before {
            guard let offset = Duration(compactText: before), offset > .zero else {
                throw SettingsError("--before: \"\(before)\" is not a time such as 30m or 1d")
            }
            scope = .before(offset)
        } else if !control.isEmpty {
            scope = .labels(try Self.labels(control, "--control"))
        }
        let event = DeployEvent(
            identity: EventIdentity(source: source, id: id ?? UUID().uuidString.lowercased()),
            time: .now,
            phase: phase,
            application: try required(application, "--application"),
            environment: try required(environment, "--environment"),
            namespace: namespace,
            cluster: cluster,
            zone: zone,
            nodes: node.isEmpty ? nil : node,
            version: try required(releaseVersion, "--release-version"),
            imageDigest: imageDigest,
            revision: revision,
            workload: workload,
            control: scope,
            experiment: experiment.isEmpty ? nil : try Self.labels(experiment, "--experiment"),
            weight: weight,
            planName: plan,
            inlinePlan: try planFile.map {
                try TextFile.read($0, maximumBytes: Self.maximumFileBytes, acceptsPipes: true)
            },
            traceparent: ProcessInfo.processInfo.environment["TRACEPARENT"]
        )
        if let text = event.inlinePlan { _ = try PlanCatalog.reader.readInline(text, file: planFile ?? "") }
        try event.validate()
        return DeployEventEncoder.encode(event)
    }

    /// A file says everything: an option beside it would be lost.
    func refuseParts(beside option: String) throws(SettingsError) {
        let given: [(name: String, isGiven: Bool)] = [
            ("--application", application != nil), ("--environment", environment != nil),
            ("--release-version", releaseVersion != nil), ("--revision", revision != nil),
            ("--namespace", namespace != nil), ("--cluster", cluster != nil), ("--zone", zone != nil),
            ("--node", !node.isEmpty), ("--kind", kind != nil), ("--summary", summary != nil),
            ("--image-digest", imageDigest != nil),
            ("--workload", workload != nil), ("--control", !control.isEmpty), ("--before", before != nil),
            ("--experiment", !experiment.isEmpty), ("--weight", weight != nil), ("--plan", plan != nil),
            ("--plan-file", planFile != nil), ("--phase", phase != DeployEvent.Phase.deployed.rawValue),
            ("--id", id != nil), ("--source", source != EmitReport.defaultSource),
        ]
        guard let first = given.first(where: \.isGiven) else { return }
        throw SettingsError("\(first.name) is not used with \(option): the file says everything")
    }

    /// Nil for a release.
    private func change(_ phase: DeployEvent.Phase) throws -> ChangeEvent? {
        let kind = ChangeKind(named: kind ?? ChangeKind.service.rawValue)
        guard kind != .service else {
            if summary != nil { throw SettingsError("--summary goes with another --kind than service") }
            return nil
        }
        let ofReleases: [(name: String, isGiven: Bool)] = [
            ("--revision", revision != nil), ("--image-digest", imageDigest != nil), ("--workload", workload != nil),
            ("--control", !control.isEmpty), ("--before", before != nil), ("--experiment", !experiment.isEmpty),
            ("--weight", weight != nil), ("--plan", plan != nil), ("--plan-file", planFile != nil),
        ]
        if let first = ofReleases.first(where: \.isGiven) {
            throw SettingsError("\(first.name) is not used with --kind \(kind.rawValue)")
        }
        let change = ChangeEvent(
            identity: EventIdentity(source: source, id: id ?? UUID().uuidString.lowercased()),
            kind: kind,
            time: .now,
            phase: phase,
            application: application,
            environment: environment,
            place: ChangeLocation(cluster: cluster, namespace: namespace, zone: zone, nodes: node),
            version: releaseVersion,
            summary: summary
        )
        try change.validate()
        return change
    }

    private func required(_ value: String?, _ option: String) throws(SettingsError) -> String {
        guard let value else { throw SettingsError("\(option) is required (or --file)") }
        return value
    }

    static func labels(_ pairs: [String], _ option: String) throws(SettingsError) -> ScopeLabels {
        var labels: ScopeLabels = [:]
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { throw SettingsError("\(option): \"\(pair)\" is not name=value") }
            let name = String(parts[0])
            guard labels.updateValue(String(parts[1]), forKey: name) == nil else {
                throw SettingsError("\(option): the label \(name) is given twice")
            }
        }
        return labels
    }
}
