import Analysis
package import Concurrency
import EventFormats
import HTTPTransport
import JSON
package import Logging
import Synchronization

/// Verdicts as the service gives them over HTTP, waited for.
///
/// The service keeps the place up to which everything is done, by the name of the reader. For one reader at a time: two
/// of one name would both get every verdict.
package final class ServiceVerdictSource: VerdictSource {
    /// Where a reader begins that the service does not know.
    package enum Start: Sendable {
        case beginning
        case end
    }

    private struct State: Sendable {
        /// The next one last.
        var waiting: [VerdictDelivery] = []
        var progress = ReaderProgress()
        /// Behind what was fetched; nil before the first fetch, empty at the beginning.
        var place: String?
        var trouble: String?
        var isClosed = false
    }

    private let connection: ServiceConnection
    private let reader: String
    private let verdicts: VerdictReader
    private let start: Start
    private let environment: RetryEnvironment
    private let logger: Logger
    private let state = Mutex(State())
    private let retry = RetryPolicy(maximumAttempts: .max, baseDelay: .seconds(1), maximumDelay: .seconds(30))

    package init(
        connection: ServiceConnection,
        reader: String,
        verdicts: VerdictReader,
        start: Start,
        environment: RetryEnvironment = .system,
        logger: Logger
    ) {
        self.connection = connection
        self.reader = reader
        self.verdicts = verdicts
        self.start = start
        self.environment = environment
        self.logger = logger
    }

    /// Why the service could not be asked last; nil when it answered.
    package var trouble: String? { state.withLock { $0.trouble } }

    package func next() async throws -> VerdictDelivery? {
        var failures = 0
        while true {
            try Task.checkCancellation()
            let (delivery, isClosed) = state.withLock { ($0.waiting.popLast(), $0.isClosed) }
            if let delivery { return delivery }
            if isClosed { return nil }
            do throws(ServiceFailure) {
                try await fetch()
                if failures > 0 { logger.info("service is asked for verdicts again") }
                failures = 0
                state.withLock { $0.trouble = nil }
            } catch {
                try Task.checkCancellation()
                failures += 1
                let delay = retry.delay(
                    failures: failures,
                    retryAfter: nil,
                    random: environment.random(),
                    unixSeconds: environment.unixSeconds()
                )
                state.withLock { $0.trouble = error.description }
                if failures == 1 {
                    logger.warning(
                        "service cannot be asked for verdicts; trying again",
                        metadata: ["error": "\(error)", "next": "\(delay.compactText)"]
                    )
                }
                try await environment.sleep(delay)
            }
        }
    }

    /// The controller asks for no more while its backlog is full.
    package func pause() {}
    package func resume() {}

    package func close() async {
        let place = state.withLock { state in
            state.isClosed = true
            return state.progress.takeUnsaved()
        }
        if let place { await save(place) }
    }

    // MARK: - Fetching

    private func fetch() async throws(ServiceFailure) {
        let known = state.withLock { $0.place }
        let place: String
        if let known { place = known } else { place = try await firstPlace() }
        let after = place.isEmpty ? "" : "&after=\(PercentEncoding.encode(place))"
        let path = "/v1/verdicts?wait=20s&limit=100\(after)"
        guard let page = try await connection.text(path, timeout: .seconds(45)),
            let verdicts = Self.items(of: page), let next = page.object["next"]?.text
        else {
            throw ServiceFailure(description: "\(connection.url) gives no verdicts", mayPass: true)
        }
        let deliveries = verdicts.map { delivery($0) }
        state.withLock { state in
            state.place = next
            state.waiting = deliveries.reversed() + state.waiting
        }
    }

    /// Where this reader left off.
    private func firstPlace() async throws(ServiceFailure) -> String {
        if let known = try await connection.get(readerPath), let place = known["place"]?.text { return place }
        guard start == .end else { return "" }
        guard let end = try await connection.get("/v1/verdicts?after=end"), let place = end["next"]?.text else {
            throw ServiceFailure(description: "\(connection.url) gives no verdicts", mayPass: true)
        }
        // A restart before the first verdict goes on from here.
        _ = try await connection.send(.put, readerPath, body: Self.body(place))
        logger.info("reading of verdicts begins at the end", metadata: ["reader": "\(reader)"])
        return place
    }

    /// Each with the text of its event, to the byte: a signature covers it.
    private struct Item {
        var fields: JSONObject
        var event: [UInt8]?
    }

    private static func items(of page: (object: JSONObject, text: [UInt8])) -> [Item]? {
        guard let values = page.object["verdicts"]?.elements,
            let verdicts = try? JSONParser.texts(ofObject: page.text, maximumDepth: 64)["verdicts"],
            let texts = try? JSONParser.texts(ofArray: verdicts, maximumDepth: 64)
        else { return nil }
        return zip(values, texts).compactMap { value, text in
            guard let fields = value.object else { return nil }
            return Item(fields: fields, event: (try? JSONParser.texts(ofObject: text, maximumDepth: 64))?["event"])
        }
    }

    private func delivery(_ item: Item) -> VerdictDelivery {
        let place = item.fields["place"]?.text ?? ""
        let number = state.withLock { $0.progress.add(place) }
        return VerdictDelivery(reading(item, place: place)) { await self.finish(number) }
    }

    private func reading(_ item: Item, place: String) -> VerdictReading {
        func malformed(_ errorClass: String, _ reason: String, _ distrust: Distrust? = nil) -> VerdictReading {
            // It stays where it is: the service has it.
            .malformed(
                MalformedVerdict(
                    errorClass: errorClass,
                    reason: reason,
                    distrust: distrust,
                    place: place,
                    setAside: {}
                )
            )
        }
        if let problem = item.fields["problem"]?.text { return malformed("unreadable", problem) }
        guard let event = item.event.flatMap(ServiceEvent.read) else {
            return malformed("badJSON", "The item holds no CloudEvent.")
        }
        switch verdicts.read(event) {
        case .verdict(let delivered): return .verdict(delivered)
        case .skip(let reason): return .skip(reason)
        case .malformed(let errorClass, let reason): return malformed(errorClass, reason)
        case .untrusted(let distrust, let reason): return malformed(distrust.rawValue, reason, distrust)
        }
    }

    // MARK: - Progress

    private func finish(_ number: Int) async {
        let place = state.withLock { $0.progress.finish(number) }
        if let place { await save(place) }
    }

    private func save(_ place: String) async {
        do throws(ServiceFailure) {
            _ = try await connection.send(.put, readerPath, body: Self.body(place))
        } catch {
            // What was done is delivered again, and dropped as repeats.
            logger.info("place of the reader was not stored", metadata: ["error": "\(error)"])
        }
    }

    private var readerPath: String { "/v1/verdicts/readers/\(PercentEncoding.encode(reader))" }

    private static func body(_ place: String) -> [UInt8] {
        JSONValue.object(["place": .string(place)]).jsonBytes
    }
}
