import Analysis
import Testing

@Suite struct DeployEventValidationTests {
    private static func event(_ change: (inout DeployEvent) -> Void = { _ in }) -> DeployEvent {
        var event = DeployEvent(
            identity: EventIdentity(source: "/s", id: "1"),
            application: "a",
            environment: "e",
            version: "1"
        )
        change(&event)
        return event
    }

    @Test func accepted() throws {
        try Self.event().validate()
        try Self.event {
            $0.control = .labels(["track": "stable", "_x9": "ü \"quoted\""])
            $0.experiment = ["track": "canary"]
            $0.weight = 100
            $0.application = String(repeating: "x", count: 256)
            $0.identity.id = String(repeating: "x", count: 1024)
            $0.inlinePlan = "name: x\n"
        }.validate()
        try Self.event {
            $0.control = .before(.seconds(90 * 86_400))
            $0.weight = 0
        }.validate()
    }

    @Test(
        "What is wrong is named",
        arguments: [
            Change("application", { $0.application = "" }),
            Change("application", { $0.application = String(repeating: "x", count: 257) }),
            Change("application", { $0.application = "a\nb" }), Change("environment", { $0.environment = "\u{7F}" }),
            Change("version", { $0.version = "" }), Change("version", { $0.version = "1\u{0}" }),
            Change("source", { $0.identity.source = "" }),
            Change("id", { $0.identity.id = String(repeating: "é", count: 513) }),
            Change("namespace", { $0.namespace = "" }),
            Change("cluster", { $0.cluster = "\t" }), Change("imageDigest", { $0.imageDigest = "" }),
            Change("revision", { $0.revision = "" }),
            Change("workload", { $0.workload = "" }), Change("planName", { $0.planName = "" }),
            Change("plan", { $0.inlinePlan = "" }),
            Change("application", { $0.application = " a" }), Change("environment", { $0.environment = "e\u{A0}" }),
            Change("version", { $0.version = "2.4.0 " }), Change("version", { $0.version = "2.4.0\u{200B}" }),
            Change("revision", { $0.revision = "abc\u{2028}" }), Change("cluster", { $0.cluster = "\u{FEFF}eu" }),
            Change("traceparent", { $0.traceparent = String(repeating: "0", count: 300) }),
            Change("weight", { $0.weight = -0.1 }),
            Change("weight", { $0.weight = 100.1 }), Change("weight", { $0.weight = .nan }),
            Change("weight", { $0.weight = .infinity }),
            Change("experiment.labels", { $0.experiment = [:] }),
            Change("experiment.labels", { $0.experiment = ["": "x"] }),
            Change("experiment.labels", { $0.experiment = ["1a": "x"] }),
            Change("experiment.labels", { $0.experiment = ["a-b": "x"] }),
            Change("experiment.labels", { $0.experiment = ["é": "x"] }),
            Change("experiment.labels", { $0.experiment = [String(repeating: "a", count: 129): "x"] }),
            Change("experiment.labels.a", { $0.experiment = ["a": ""] }),
            Change(
                "experiment.labels",
                { event in event.experiment = Dictionary(uniqueKeysWithValues: (0..<33).map { ("a\($0)", "x") }) }
            ),
            Change("control.labels", { $0.control = .labels([:]) }),
            Change("control.labels.a", { $0.control = .labels(["a": "\r"]) }),
            Change("control.before", { $0.control = .before(.zero) }),
            Change("control.before", { $0.control = .before(.seconds(-1)) }),
            Change("control.before", { $0.control = .before(.seconds(90 * 86_400 + 1)) }),
        ] as [Change<DeployEvent>]
    )
    func refused(change: Change<DeployEvent>) {
        refuses(change)
    }

    /// C0, C1 (with CSI and NEL), line separators, marks of direction, what is not seen.
    @Test(
        arguments: ["\u{0}", "\u{1B}", "\u{7F}", "\u{85}", "\u{9B}", "\u{2028}", "\u{2029}", "\u{200E}", "\u{202E}"]
            + ["\u{2066}", "\u{2069}", "\u{61C}", "\u{200B}", "\u{2060}", "\u{FEFF}", "\u{AD}", "\u{E0041}"]
            + [
                "\u{FE0F}", "\u{34F}", "\u{3164}", "\u{115F}", "\u{1160}", "\u{FFA0}", "\u{17B4}", "\u{17B5}",
                "\u{180B}",
            ]
            + ["\u{180E}", "\u{2065}", "\u{E0100}", "\u{E0FFF}", "\u{1BCA0}", "\u{2800}", "\u{200C}", "\u{200D}"]
    )
    func namesHoldNothingUnprintable(scalar: String) {
        for text in ["a\(scalar)b", "2.4\(scalar).0", "\(scalar)b", "a\(scalar)", scalar] { refusesInNames(text) }
    }

    private func refusesInNames(_ text: String) {
        for change in [
            Change("source", { $0.identity.source = text }), Change("id", { $0.identity.id = text }),
            Change("application", { $0.application = text }), Change("environment", { $0.environment = text }),
            Change("version", { $0.version = text }), Change("cluster", { $0.cluster = text }),
            Change("namespace", { $0.namespace = text }), Change("revision", { $0.revision = text }),
            Change("workload", { $0.workload = text }), Change("imageDigest", { $0.imageDigest = text }),
            Change("planName", { $0.planName = text }), Change("traceparent", { $0.traceparent = text }),
            Change("experiment.labels.a", { $0.experiment = ["a": text] }),
            Change("control.labels.a", { $0.control = .labels(["a": text]) }),
        ] as [Change<DeployEvent>] {
            refuses(change)
        }
    }

    @Test(arguments: [
        "größe", "магазин", "店", "می\u{200C}خواهم", "👩\u{200D}👧", "shop 2", "a\u{301}", "🚀", "क्\u{200D}ष", "🇩🇪", "⠓⠊",
    ])
    func namesOfAllScriptsAreGood(text: String) throws {
        try Self.event { $0.application = text }.validate()
    }

    private func refuses(_ change: Change<DeployEvent>) {
        let field = change.field
        let error = #expect(throws: DeployEventError.self) { try Self.event(change.apply).validate() }
        #expect(error?.field == field)
        #expect(error?.description.hasPrefix("\(field): ") == true)
    }
}
