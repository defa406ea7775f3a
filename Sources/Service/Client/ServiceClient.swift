package import Analysis
package import EventFormats
package import HTTPTransport
import JSON
import Judging
import Reports
import Rollout

/// A running service, as pipelines reach it over HTTP.
package struct ServiceClient: Sendable {
    /// Why the service gave no usable answer.
    package struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        package var description: String
        /// Whether the same request may succeed later.
        package var mayPass: Bool
    }

    /// What became of an event.
    package struct Receipt: Sendable, Equatable {
        /// `accepted` or `duplicate`.
        package var outcome: String
        package var session: String?
    }

    /// Base URL without a slash at its end.
    package let url: String
    private let http: any HTTPExecuting

    package init(url: String, http: any HTTPExecuting) {
        var url = url[...]
        while url.hasSuffix("/") { url.removeLast() }
        self.url = String(url)
        self.http = http
    }

    /// The service that the settings name; nil when they name none.
    ///
    /// - Parameter maximumAttempts: how often a question is asked until a service that is away is told.
    package init?(_ settings: Settings, maximumAttempts: Int = 6) throws {
        guard let url = try settings.address(.assayUrl) else { return nil }
        var configuration = HTTPClient.Configuration()
        if let token = try settings.secret(.assayToken) { configuration.authentication = .bearer(token) }
        configuration.tls = settings.certificates(.assay)
        configuration.retry = RetryPolicy(maximumAttempts: maximumAttempts, baseDelay: .milliseconds(500))
        self.init(url: url, http: try HTTPClient(configuration: configuration))
    }

    /// Hands an event over. Sending it again does no harm, so a failure that may pass is tried again for a while.
    package func send(_ event: CloudEvent, structured: Bool) async throws(Failure) -> Receipt {
        let (headers, body) =
            structured ? CloudEventHTTPBinding.structured(event) : CloudEventHTTPBinding.binary(event)
        let request = HTTPRequest(
            method: .post,
            url: "\(url)/v1/events",
            headers: HTTPHeaders(
                headers.map { .init(name: $0.name, value: String(decoding: $0.value ?? [], as: UTF8.self)) }
            ),
            body: body,
            timeout: .seconds(60),
            maximumResponseBytes: 1 << 20,
            isIdempotent: true
        )
        let answer = try await answer(to: request)
        guard let outcome = answer["outcome"]?.text, ["accepted", "duplicate"].contains(outcome) else {
            throw Failure(
                description: "\(url) did not take the event: \(said(answer) ?? "no reason given")",
                mayPass: false
            )
        }
        return Receipt(outcome: outcome, session: answer["session"]?.text)
    }

    /// Asks for the failed action of a session again. Returns the verdict that it is about.
    package func retryAction(ofSession id: String, failedAt: String?) async throws(Failure) -> String {
        let body: JSONObject = ["failedAt": failedAt.map { .string($0) }]
        let answer = try await answer(
            to: HTTPRequest(
                method: .post,
                url: "\(url)/v1/sessions/\(PercentEncoding.encode(id))/retry",
                headers: ["Content-Type": "application/json"],
                body: JSONValue.object(body).jsonBytes,
                isIdempotent: true
            )
        )
        return answer["verdict"]?.text ?? id
    }

    /// Has the service forget which releases of an application came in when. Returns in how many environments something
    /// was known.
    package func resetReleases(
        of application: String,
        environment: String?,
        reason: String?
    ) async throws(Failure) -> Int {
        let body: JSONObject = [
            "application": .string(application), "environment": environment.map { .string($0) },
            "reason": reason.map { .string($0) },
        ]
        let answer = try await answer(
            to: HTTPRequest(
                method: .post,
                url: "\(url)/v1/releases/reset",
                headers: ["Content-Type": "application/json"],
                body: JSONValue.object(body).jsonBytes,
                isIdempotent: true
            )
        )
        return answer["environments"]?.integer.map { Int(clamping: $0) } ?? 0
    }

    /// The verdicts of a session so far, oldest first; nil while the session does not exist.
    package func verdicts(ofSession id: String, timeout: Duration) async throws(Failure) -> [PublishedVerdict]? {
        let path = "/v1/sessions/\(PercentEncoding.encode(id))"
        guard let answer = try await answerIfFound(to: HTTPRequest(url: url + path, timeout: timeout)) else {
            return nil
        }
        return (answer["verdicts"]?.elements ?? []).compactMap(\.object).compactMap(PublishedVerdict.init)
    }

    /// The event of a verdict as it was published, to the byte: a signature covers it. Nil where the service does not keep
    /// it any more, or is of a version that does not give it out.
    package func event(ofVerdict id: String, timeout: Duration) async throws(Failure) -> CloudEvent? {
        let request = HTTPRequest(
            url: "\(url)/v1/verdicts?id=\(PercentEncoding.encode(id))",
            timeout: timeout,
            maximumResponseBytes: 4 << 20
        )
        // A version that gives out no single verdict refuses the parameter, or knows no such path.
        guard let body = try await bodyIfFound(to: request, missing: [400, 404])?.text,
            let text = try? JSONParser.texts(ofObject: body, maximumDepth: 64)["event"]
        else { return nil }
        return ServiceEvent.read(text)
    }

    /// What the service says about an event that has no session of its own.
    package enum EventAnswer: Sendable, Equatable {
        /// The service has not received it, or has not answered it yet.
        case none
        case session(String)
        /// The event opened nothing and repeated nothing; the text says what became of it.
        case nothing(String)
    }

    package func answer(to event: EventIdentity, timeout: Duration) async throws(Failure) -> EventAnswer {
        let query = PercentEncoding.query([(name: "source", value: event.source), (name: "id", value: event.id)])
        let request = HTTPRequest(url: "\(url)/v1/events?\(query)", timeout: timeout)
        // Version 0.1.0 takes events here, and tells nothing.
        guard let answer = try await answerIfFound(to: request, missing: [404, 405]) else { return .none }
        if let session = answer["session"]?.text { return .session(session) }
        guard answer["answered"]?.boolean == true else { return .none }
        return .nothing(answer["outcome"]?.text ?? "its analysis is not kept any more")
    }

    /// What rollout controllers did about a verdict, oldest first.
    package func actions(on verdict: Verdict, timeout: Duration) async throws(Failure) -> [RolloutAction] {
        let path = "/v1/sessions/\(PercentEncoding.encode(verdict.session))"
        let answer = try await answerIfFound(to: HTTPRequest(url: url + path, timeout: timeout))
        return (answer?["actions"]?.elements ?? []).compactMap(\.object).compactMap { Self.action($0, on: verdict) }
    }

    /// Nil for one that is about another verdict, or cannot be read.
    private static func action(_ shown: JSONObject, on verdict: Verdict) -> RolloutAction? {
        guard shown["verdict"]?.text == verdict.id, let kind = shown["action"]?.text,
            let outcome = shown["outcome"]?.text, let at = shown["at"]?.text.flatMap({ Timestamp(rfc3339: $0) })
        else { return nil }
        return RolloutAction(
            verdict: verdict,
            action: RolloutAction.Kind(named: kind),
            outcome: RolloutAction.Outcome(named: outcome),
            actuator: shown["actuator"]?.text ?? "",
            reason: shown["reason"]?.text ?? "",
            detail: shown["detail"]?.text,
            at: at
        )
    }

    /// The newest session of a version; nil while there is none, or while an event waits that may open a newer one.
    package func newestSession(_ filter: ReleaseFilter, timeout: Duration) async throws(Failure) -> String? {
        let page = try await analyses(AnalysisQuery(filter), timeout: timeout)
        if let ambiguity = filter.ambiguity(among: page.analyses.map(\.release)) {
            throw Failure(description: ambiguity.description, mayPass: false)
        }
        return page.unanswered == 0 ? page.analyses.first?.id : nil
    }

    func answer(to request: HTTPRequest) async throws(Failure) -> JSONObject {
        guard let answer = try await answerIfFound(to: request) else {
            throw Failure(description: "\(request) answered 404: is \(url) the address of Assay?", mayPass: false)
        }
        return answer
    }

    /// Anything may answer in the service's place, and show the request again.
    private func said(_ answer: JSONObject) -> String? {
        answer["message"]?.text.map { Text.oneLine(http.redacted($0)) }
    }

    /// nil for 404.
    func answerIfFound(
        to request: HTTPRequest,
        missing: Set<Int> = [404]
    ) async throws(Failure) -> JSONObject? {
        try await bodyIfFound(to: request, missing: missing)?.object
    }

    /// The object that is answered, and the text that it was read from; nil for what is missing.
    func bodyIfFound(
        to request: HTTPRequest,
        missing: Set<Int>
    ) async throws(Failure) -> (object: JSONObject, text: [UInt8])? {
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await http.execute(request)
        } catch {
            throw Failure(description: "\(error)", mayPass: error.isTransient)
        }
        let object = try? JSONParser.parse(response.body, maximumDepth: 32).object
        if missing.contains(response.status) { return nil }
        guard response.isSuccess else {
            let reason = object?["error"]?.text.map { ": \(Text.oneLine(http.redacted($0)))" } ?? ""
            let remedy = response.status == 401 ? " (ASSAY_TOKEN_FILE or ASSAY_TOKEN)" : ""
            throw Failure(
                description: "\(request) answered \(response.status)\(reason)\(remedy)",
                mayPass: response.status >= 500 || [408, 425, 429].contains(response.status)
            )
        }
        guard let object else {
            throw Failure(description: "\(request) answered something other than a JSON object", mayPass: false)
        }
        return (object, response.body)
    }
}
