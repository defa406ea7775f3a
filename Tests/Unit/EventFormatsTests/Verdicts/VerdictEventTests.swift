import Analysis
import EventFormats
import JSON
import Judging
import Testing

@Suite struct VerdictEventTests {
    static func verdict(metrics: [MetricVerdict] = []) -> Verdict {
        Verdict(
            id: "s/2/final",
            session: "s",
            kind: .final,
            status: .completed,
            result: .fail,
            score: 12.34,
            reason: "It \"fails\".",
            nextStep: "Abort.",
            hold: Hold(cause: .partialData, reason: "Half an answer.", since: Timestamp(milliseconds: 1)),
            event: DeployEventEncoderTests.full,
            plan: "p",
            planOrigin: .event,
            judge: "conditions",
            thresholds: Thresholds(pass: 90, marginal: 50.5),
            openedAt: Timestamp(milliseconds: 1000),
            decidedAt: Timestamp(milliseconds: 61_001),
            look: 2,
            looks: 3,
            window: TimeWindow(start: Timestamp(milliseconds: 0), end: Timestamp(milliseconds: 60_000)),
            step: .milliseconds(1500),
            groups: [GroupScore(name: "g", score: 50, weight: 33.3, noData: true)],
            metrics: metrics,
            warnings: ["group g has no data and counts as 100"]
        )
    }

    static let mannWhitney = MetricEvidence.mannWhitney(
        MannWhitneyEvidence(
            effect: Effect(measure: .cles, value: -.infinity, allowedIncrease: 0.6, allowedDecrease: 0.4),
            shift: ShiftInterval(lower: -1, upper: 2, estimate: 0.5, confidence: 0.98, bound: 0.1)
        )
    )

    static let conditions = MetricEvidence.conditions([
        ConditionEvidence(
            condition: "canary < 1 and x",
            holds: false,
            comparisons: [.init(text: "canary < 1", left: 2, right: 1, holds: false)]
        )
    ])

    static let sequential = MetricEvidence.sequential(
        SequentialEvidence(
            comparison: .latency,
            effect: RatioEstimate(estimate: 1.5, lower: 0.5, upper: .infinity, confidence: 0.95),
            margin: 1.25,
            harm: 1.5,
            harmEvidence: -.infinity,
            harmThreshold: 3,
            safetyEvidence: 1,
            safetyThreshold: 2.995,
            noise: NoiseEvidence(source: .kept, dispersion: 1.5, historyUnits: 120, learnedAt: 1_700_000_000_000),
            units: 7,
            stepsPerUnit: 2,
            skippedUnits: 1,
            lateSamples: 2,
            control: ExposureTotals(events: 3.5, requests: 1000),
            experiment: ExposureTotals(events: 1, requests: 100),
            since: 4,
            neededUnits: 2.5,
            neededLooks: 3,
            bounds: [
                BoundEvidence(
                    bound: 0.25,
                    control: ExposureTotals(events: 3.5, requests: 1000),
                    experiment: ExposureTotals(events: 1, requests: 100),
                    effect: nil,
                    harmEvidence: 0.5
                )
            ],
            ruledOutRate: 0.001,
            split: SplitEvidence(declared: 0.1, seen: 0.148, isWrong: true),
            pods: PodsEvidence(
                control: 12,
                experiment: 4,
                spread: 0.125,
                isAssumed: true,
                outliers: [
                    PodOutlier(pod: "api-7d", ratio: 9.125, totals: ExposureTotals(events: 41.5, requests: 900)),
                    PodOutlier(pod: "api-8e", ratio: nil, totals: ExposureTotals(events: 7, requests: 800)),
                ],
                treatment: .held
            ),
            environment: EnvironmentEvidence(ratio: 5.25, experimentRatio: 4.5, isDegraded: true),
            newValues: NewValuesEvidence(
                label: "code",
                treatment: .held,
                values: [NewValuesEvidence.Value(name: "502", events: 7.5)],
                others: 2,
                isCut: true,
                hasHistory: false
            ),
            strata: StrataEvidence(
                label: "route",
                count: 7,
                strongest: StratumEvidence(
                    name: "/checkout",
                    part: 0.75,
                    ratio: 3.5,
                    control: ExposureTotals(events: 4.5, requests: 900),
                    experiment: ExposureTotals(events: 9, requests: 90)
                ),
                pooledRatio: 1.25,
                uncompared: ExposureTotals(events: 1.5, requests: 12),
                withUncompared: ExposureTotals(events: 12, requests: 1000)
            ),
            limits: ["l"]
        )
    )

    static let trail = [
        EffectPoint(look: 1, ratio: 1, lower: 0.0313, upper: 32, evidence: -1),
        EffectPoint(look: 4, ratio: 2.4, lower: 1.8, upper: 3.1, evidence: 8.08),
    ]

    static func metric(
        _ name: String,
        _ classification: MetricClassification = .high,
        query: String? = "up",
        evidence: MetricEvidence = mannWhitney
    ) -> MetricVerdict {
        let statistics = SampleStatistics(count: 3, mean: 0.1, standardDeviation: 1e-9, minimum: -1, maximum: 1e20)
        let judgement = MetricJudgement(
            name: name,
            groups: ["g", "h"],
            classification: classification,
            reason: "Why.",
            criticalFailure: true,
            muted: true,
            control: statistics,
            experiment: .empty,
            ratio: .infinity,
            evidence: evidence
        )
        return MetricVerdict(
            judgement: judgement,
            controlQuery: query,
            experimentQuery: query,
            controlQueries: query.map { [$0, "\($0) / all"] } ?? [],
            experimentQueries: query.map { [$0] } ?? [],
            held: .tooFewSamples,
            warnings: ["w"],
            outlook: "×2 visible after about 8 looks",
            trail: trail
        )
    }

    private static func decoded(_ verdict: Verdict) throws -> Verdict {
        try VerdictEvent.decode(VerdictEvent.encode(verdict, source: "/assay", reportURL: nil))
    }

    @Test("Everything comes back", arguments: MetricClassification.allCases)
    func roundTrip(classification: MetricClassification) throws {
        let verdict = Self.verdict(metrics: [Self.metric("m", classification), Self.metric("n", query: nil)])
        let decoded = try Self.decoded(verdict)
        #expect(decoded.metrics == verdict.metrics)
        #expect(decoded == verdict)
    }

    @Test("The evidence of every judge comes back", arguments: [.none, mannWhitney, conditions, sequential])
    func roundTrip(evidence: MetricEvidence) throws {
        let verdict = Self.verdict(metrics: [Self.metric("m", evidence: evidence)])
        #expect(try Self.decoded(verdict).metrics.map(\.judgement.evidence) == [evidence])
    }

    @Test(arguments: VerdictStatus.allCases, JudgementResult.allCases)
    func roundTrip(status: VerdictStatus, result: JudgementResult) throws {
        var verdict = Verdict(
            id: "i",
            session: "s",
            kind: .interim,
            status: status,
            result: result,
            reason: "",
            nextStep: "",
            event: DeployEvent(
                identity: EventIdentity(source: "/s", id: "1"),
                application: "a",
                environment: "e",
                version: "1"
            ),
            plan: "p",
            judge: "j",
            thresholds: Thresholds(),
            openedAt: Timestamp(milliseconds: 0),
            decidedAt: Timestamp(milliseconds: 0),
            look: 0,
            looks: 1,
            step: .seconds(15)
        )
        #expect(try Self.decoded(verdict) == verdict)
        verdict.score = .nan
        #expect(try Self.decoded(verdict).score?.isNaN == true)
    }

    @Test func undefinedRatio() throws {
        var metric = Self.metric("m")
        metric.judgement.ratio = .nan
        #expect(try Self.decoded(Self.verdict(metrics: [metric])).metrics[0].judgement.ratio?.isNaN == true)
    }

    @Test("What is encoded follows the schema", arguments: [.none, mannWhitney, conditions, sequential])
    func schema(evidence: MetricEvidence) throws {
        let verdict = Self.verdict(
            metrics: MetricClassification.allCases.map { Self.metric($0.rawValue, $0, evidence: evidence) }
        )
        let event = VerdictEvent.encode(verdict, source: "/assay", reportURL: "https://a.example/s")
        let value = try JSONParser.parse(
            try #require(CloudEventKafkaBinding.structured(event).value),
            maximumDepth: 32
        )
        #expect(try EventDocuments.schema("verdict").problems(of: value) == [])
        #expect(try VerdictEvent.reportURL(of: event) == "https://a.example/s")
    }

    @Test("The schema names each member of the evidence, and each name in it")
    func members() throws {
        let definitions = try #require(try EventDocuments.schema("verdict").root["$defs"]?.object)
        let schema = try #require(definitions["sequential"]?.object)
        func names(_ path: String...) -> [String] {
            var value: JSONValue? = .object(schema)
            for name in ["properties"] + path { value = value?.object?[name] }
            return value?.object?["anyOf"]?.elements?.first?.object?["enum"]?.elements?.compactMap(\.text) ?? []
        }
        #expect(names("comparison") == SequentialEvidence.Comparison.allCases.map(\.rawValue))
        #expect(names("noise", "properties", "source") == NoiseEvidence.Source.allCases.map(\.rawValue))
        let classification = definitions["metric"]?.object?["properties"]?.object?["classification"]?.object
        let known = classification?["anyOf"]?.elements?.first?.object?["enum"]?.elements?.compactMap(\.text)
        #expect(known == MetricClassification.allCases.map(\.rawValue))
    }

    @Test("Beside the step since when there is harm stands the time, where the analysis has had a look")
    func since() throws {
        func time(_ verdict: Verdict) throws -> String? {
            let event = VerdictEvent.encode(verdict, source: "/assay", reportURL: nil)
            let data = try JSONParser.parse(try #require(event.data), maximumDepth: 32).object
            return data?["metrics"]?.elements?.first?.object?["sequential"]?.object?["sinceTime"]?.text
        }
        var verdict = Self.verdict(metrics: [Self.metric("m", evidence: Self.sequential)])
        #expect(try time(verdict) == "1970-01-01T00:00:06.000Z")
        verdict.window = nil
        #expect(try time(verdict) == nil)
        verdict.window = TimeWindow(start: Timestamp(milliseconds: 0), end: Timestamp(milliseconds: 60_000))
        guard case .sequential(var evidence) = Self.sequential else { return }
        evidence.since = nil
        verdict.metrics = [Self.metric("m", evidence: .sequential(evidence))]
        #expect(try time(verdict) == nil)
        evidence.since = .max
        verdict.metrics = [Self.metric("m", evidence: .sequential(evidence))]
        #expect(try time(verdict) == nil)
    }

    @Test func attributes() {
        let event = VerdictEvent.encode(Self.verdict(), source: "/assay", reportURL: nil)
        #expect(event.id == "s/2/final")
        #expect(event.source == "/assay")
        #expect(event.subject == "a b/prod")
        #expect(event.time == Timestamp(milliseconds: 61_001))
        #expect(event.extensions == ["traceparent": "00-a-b-01"])
    }

    @Test("A verdict that is too large loses queries, then passing metrics, then more")
    func bounded() throws {
        func sizes(_ metrics: [MetricVerdict]) throws -> (bytes: Int, decoded: Verdict, omitted: String?) {
            let event = VerdictEvent.encode(Self.verdict(metrics: metrics), source: "/assay", reportURL: nil)
            let data = try #require(event.data)
            let omitted = try JSONParser.parse(data, maximumDepth: 32).object?["metricsOmitted"]?.jsonText
            return (data.count, try VerdictEvent.decode(event), omitted)
        }
        // How effects went over the looks goes first.
        let long = (1...60).map { EffectPoint(look: $0, ratio: 1.2345, lower: 0.1, upper: 9, evidence: 1.2345) }
        let trails = try sizes(
            (0..<80).map {
                var metric = Self.metric("m\($0)")
                metric.trail = long
                return metric
            }
        )
        #expect(trails.bytes <= VerdictEvent.maximumDataBytes && trails.omitted == nil)
        #expect(trails.decoded.metrics.allSatisfy { $0.trail.isEmpty && $0.controlQuery == "up" })

        let query = String(repeating: "q", count: 16_000)
        let queries = try sizes((0..<20).map { Self.metric("m\($0)", query: query) })
        #expect(queries.bytes <= VerdictEvent.maximumDataBytes)
        #expect(queries.decoded.metrics.count == 20)
        #expect(queries.decoded.metrics.allSatisfy { $0.controlQuery == nil && $0.experimentQuery == nil })
        #expect(queries.omitted == nil)

        let passing = try sizes(
            (0..<500).map { Self.metric("m\($0)", $0 % 100 == 0 ? .high : .pass, evidence: Self.sequential) }
        )
        #expect(passing.bytes <= VerdictEvent.maximumDataBytes)
        #expect(passing.decoded.metrics.map(\.judgement.name) == ["m0", "m100", "m200", "m300", "m400"])
        #expect(passing.omitted == "495")

        let failing = try sizes((0..<500).map { Self.metric("m\($0)", .high, evidence: Self.sequential) })
        #expect(failing.bytes <= VerdictEvent.maximumDataBytes)
        #expect((1..<500).contains(failing.decoded.metrics.count))
        #expect(failing.omitted == "\(500 - failing.decoded.metrics.count)")
    }

    @Test(
        "Data that is no verdict",
        arguments: [
            ("x", .badJSON), ("[]", .badData), ("{}", .badData), (#"{"look":1}"#, .badData),
        ] as [(String, CloudEventError.Code)]
    )
    func refused(data: String, code: CloudEventError.Code) {
        let event = CloudEvent(id: "1", source: "s", type: VerdictEvent.type, data: Array(data.utf8))
        let error = #expect(throws: CloudEventError.self) { try VerdictEvent.decode(event) }
        #expect(error?.code == code)
    }

    @Test(
        "Each member that is broken is named",
        arguments: [
            ("kind", JSONValue.integer(1), "kind: must be a string"), ("status", .null, "status: is required"),
            ("result", .integer(1), "result: must be a string"), ("score", .string("high"), "score: must be a number"),
            ("look", .array([]), "look: must be an object"),
            ("window", .object([:]), "window.stepSeconds: is required"),
            ("window", .object(["stepSeconds": .double(1e300)]), "window.stepSeconds: is not a length of time"),
            ("window", .object(["stepSeconds": .integer(1), "start": .string("x")]), "window.start: "),
            ("metrics", .array([.integer(1)]), "metrics[0]: must be an object"),
            ("metrics", .array([.object(["name": .string("m")])]), "metrics[0].control: is required"),
            ("groups", .array([.object(["name": .string("m")])]), "groups[0].score: is required"),
            ("warnings", .string("w"), "warnings: must be an array"),
            ("openedAt", .string("x"), "openedAt: "), ("deployEvent", .object([:]), "deployEvent.source: is required"),
        ]
    )
    func broken(member: String, value: JSONValue, problem: String) throws {
        var event = VerdictEvent.encode(Self.verdict(), source: "/assay", reportURL: nil)
        let whole = try JSONParser.parse(event.data ?? [], maximumDepth: 32)
        var data = try #require(whole.object)
        data[member] = value
        event.data = JSONValue.object(data).jsonBytes
        let error = #expect(throws: CloudEventError.self) { try VerdictEvent.decode(event) }
        #expect(error?.code == .badData)
        #expect(error?.reason.contains(problem) == true, "\(error?.reason ?? "")")
    }

    @Test func otherType() {
        let error = #expect(throws: CloudEventError.self) {
            try VerdictEvent.decode(CloudEvent(id: "1", source: "s", type: "t", data: []))
        }
        #expect(error?.code == .unexpectedType)
    }
}
