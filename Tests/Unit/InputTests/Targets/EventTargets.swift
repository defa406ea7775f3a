import Analysis
import Engine
import EventFormats
import JSON
import Judging
import PlanFormats
import Prometheus

extension FuzzTarget {
    /// What is read can be written, and reads back as the same.
    static let json = FuzzTarget("json", dictionary: "json") { bytes in
        do {
            let value = try JSONParser.parse(bytes, maximumDepth: 32)
            let written = value.jsonBytes
            try require(try JSONParser.parse(written, maximumDepth: 32) == value, "a value reads back as another")
            try require(
                try JSONParser.parse(written, maximumDepth: 32).jsonBytes == written,
                "a value is written in two ways"
            )
        } catch let error as JSONParseError {
            try requireCleanLine(error.description)
            try require((0...bytes.count).contains(error.offset), "an error stands outside of the text")
        }
    }

    static let structuredEvent = FuzzTarget("event-structured", maximumBytes: 4096, dictionary: "event") { bytes in
        let headers = [EventHeader("content-type", "application/cloudevents+json")]
        try EventProperties.check(
            intake.readKafka(value: bytes, headers: headers),
            decoded: { () throws(CloudEventError) in try CloudEventKafkaBinding.decode(value: bytes, headers: headers) }
        )
    }

    static let kafkaEvent = FuzzTarget("event-kafka", maximumBytes: 4096, dictionary: "event") { bytes in
        let input = HeadedInput(bytes)
        try EventProperties.check(
            intake.readKafka(value: input.body, headers: input.headers),
            decoded: { () throws(CloudEventError) in
                try CloudEventKafkaBinding.decode(value: input.body, headers: input.headers)
            }
        )
    }

    static let httpEvent = FuzzTarget("event-http", maximumBytes: 4096, dictionary: "event") { bytes in
        let input = HeadedInput(bytes)
        let headers = input.headers.map { EventHeader(name: $0.name, value: $0.value ?? []) }
        let body = input.body ?? []
        try EventProperties.check(
            intake.readHTTP(headers: headers, body: body),
            decoded: { () throws(CloudEventError) in try CloudEventHTTPBinding.decode(headers: headers, body: body) }
        )
    }

    /// The first byte chooses the format.
    static let hook = FuzzTarget("hook", maximumBytes: 4096, dictionary: "event") { bytes in
        guard let first = bytes.first else { return }
        let format = HookFormat.allCases[Int(first) % HookFormat.allCases.count]
        let headers = [EventHeader("X-GitHub-Event", "deployment_status"), EventHeader("X-GitHub-Delivery", "1")]
        switch HookReader(profiles: hookProfiles).read(format, headers: headers, body: Array(bytes.dropFirst())) {
        case .malformed(let reason), .ignored(let reason): try requireCleanLine(reason, maximumBytes: 8192)
        case .deploy(let event): try EventProperties.check(event)
        case .change(let event): try EventProperties.check(event)
        }
    }

    /// What is read can be written and reads back as the same; and a plan makes an analysis of it, or says why not.
    static let pastWindow = FuzzTarget("past-window", maximumBytes: 4096, dictionary: "event") { bytes in
        let request: PastWindowRequest
        do throws(PastWindowError) { request = try PastWindowDecoder.decode(bytes, id: "id") } catch {
            try requireCleanLine(error.description, maximumBytes: 8192)
            return
        }
        try EventProperties.check(request.event)
        let written = JSONValue.object(PastWindowEncoder.encode(request)).jsonBytes
        try require(
            try PastWindowDecoder.decode(written, id: "id") == request,
            "a request reads back as another"
        )
        for judge in Judges.names {
            do {
                let now = Timestamp(milliseconds: 1_900_000_000_000)
                let past = try request.analysis(by: windowPlan(judge), id: "id", at: now)
                try require(past.window.end <= now && past.controlWindow.end <= now, "it is judged before its end")
                let steps = past.window.sampleCount(step: past.session.plan.schedule.step)
                try require((1...PastWindowRequest.mostSteps).contains(steps), "a window of \(steps) steps")
            } catch let error as PlanError {
                try requireCleanLine(error.description, maximumBytes: 8192)
            }
        }
    }

    private static func windowPlan(_ judge: String) -> AnalysisPlan {
        AnalysisPlan(
            name: "p",
            scopes: PlanScopes(control: .labels(["a": "b"]), experiment: ["a": "c"]),
            judge: judge,
            schedule: AnalysisSchedule(step: .seconds(60), interval: .seconds(300), lifetime: .seconds(3600)),
            metrics: [PlannedMetric(name: "m", query: "m{${scope}}", direction: .increase)]
        )
    }

    private static let hookProfiles = [
        HookProfile(
            format: .flagger,
            set: [.planName: HookTemplate("${name}")].compactMapValues(\.self),
            experiment: ["app": HookTemplate("${metadata.name}-x")].compactMapValues(\.self)
        )
    ]

    static let intake = EnvelopeReader(plans: plans, planLimits: EventPlanLimits())

    /// Plans with query templates, as the program reads them.
    static let plans = PlanReader { query in
        do throws(QueryTemplateError) {
            _ = try QueryTemplate(parsing: query)
            return nil
        } catch {
            return .wrongTemplate(line: error.line, column: error.column, error.problem)
        }
    }
}

extension EnvelopeReader {
    func readKafka(value: [UInt8]?, headers: [EventHeader]) -> Reading {
        read(Envelope(door: .kafka, headers: headers, body: value, receivedAt: Timestamp(milliseconds: 0)))
    }

    func readHTTP(headers: [EventHeader], body: [UInt8]) -> Reading {
        read(Envelope(door: .http, headers: headers, body: body, receivedAt: Timestamp(milliseconds: 0)))
    }
}

/// What holds for every event, however it is carried.
enum EventProperties {
    static func check(_ reading: EnvelopeReader.Reading, decoded: () throws(CloudEventError) -> CloudEvent) throws {
        switch reading {
        case .malformed(let refusal):
            try requireCleanLine(refusal.reason, maximumBytes: 64)
            try requireCleanLine(refusal.message, maximumBytes: 8192)
        case .unused(let reason): try require(!reason.isEmpty, "no reason is given")
        case .deploy(let event, _): try check(event)
        case .change(let event): try check(event)
        }
        do {
            try carry(try decoded())
        } catch let error as CloudEventError {
            try requireCleanLine(error.description)
            let refusal = IntakeRefusal(reason: error.code.rawValue, message: error.description)
            guard reading == .malformed(refusal) else {
                throw Finding("the same bytes are read as \(reading) and refused: \(error)")
            }
        }
    }

    /// A change reads back as the same.
    static func check(_ event: ChangeEvent) throws {
        let written = DeployEventDecoder.decode(ChangeEventFormat.encode(event))
        try require(written == .change(event), "a change reads back as \(written)")
    }

    /// An event survives every way of carrying it.
    private static func carry(_ event: CloudEvent) throws {
        // What is written must fit whatever the limits of the other form are.
        let limits = EventLimits(
            maximumBytes: 1 << 20,
            maximumHeaders: 10_000,
            maximumHeaderBytes: 1 << 20,
            maximumDepth: 128
        )
        func same(_ other: CloudEvent, _ way: String) throws {
            try require(isSame(event, other), "an event changes on its way (\(way)): \(event) becomes \(other)")
        }
        let kafka = CloudEventKafkaBinding.structured(event)
        try same(
            try CloudEventKafkaBinding.decode(value: kafka.value, headers: kafka.headers, limits: limits),
            "Kafka, structured"
        )
        let http = CloudEventHTTPBinding.structured(event)
        try same(
            try CloudEventHTTPBinding.decode(headers: http.headers, body: http.body, limits: limits),
            "HTTP, structured"
        )
        // A content type of events would turn the binary mode into the structured one.
        guard event.dataContentType?.lowercased().contains("cloudevents") != true else { return }
        let binary = CloudEventKafkaBinding.binary(event)
        try same(
            try CloudEventKafkaBinding.decode(value: binary.value, headers: binary.headers, limits: limits),
            "Kafka, binary"
        )
        let request = CloudEventHTTPBinding.binary(event)
        try same(
            try CloudEventHTTPBinding.decode(headers: request.headers, body: request.body, limits: limits),
            "HTTP, binary"
        )
    }

    /// Without the difference between no data and empty data, which HTTP cannot show, and with JSON data compared as
    /// values: the structured mode writes them anew.
    private static func isSame(_ one: CloudEvent, _ other: CloudEvent) -> Bool {
        func comparable(_ event: CloudEvent) -> CloudEvent {
            var event = event
            let bytes = event.data ?? []
            event.data = bytes.isEmpty ? nil : bytes
            if event.hasJSONData, let value = try? JSONParser.parse(bytes, maximumDepth: 128) {
                event.data = value == .null ? nil : value.jsonBytes
            }
            return event
        }
        return comparable(one) == comparable(other)
    }

    /// A deploy event can be written as it was read, and is as long as its bounds say.
    static func check(_ event: DeployEvent) throws {
        try event.validate()
        let written = DeployEventEncoder.encode(event)
        guard case .deploy(let again) = DeployEventDecoder.decode(written) else {
            throw Finding("a deploy event cannot be read back: \(event)")
        }
        var expected = event
        expected.time = event.time
        // A plan given as an object is written as one, member for member, and so its text may change once.
        if let plan = event.inlinePlan, let value = try? JSONParser.parse(Array(plan.utf8), maximumDepth: 30) {
            if value.object != nil { expected.inlinePlan = value.jsonText }
        }
        try require(again == expected, "a deploy event changes: \(expected) becomes \(again)")
        for text in [event.application, event.environment, event.version, event.namespace, event.cluster] {
            try require((text ?? "").utf8.count <= DeployEvent.maximumTextBytes, "a text is longer than its bound")
        }
    }
}
