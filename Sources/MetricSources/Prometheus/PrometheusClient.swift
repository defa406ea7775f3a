package import HTTPTransport
import Synchronization

/// The query API of Prometheus and of those that speak it (Thanos, Mimir, VictoriaMetrics).
package struct PrometheusClient: Sendable {
    let baseURL: String
    let http: any HTTPExecuting
    let options: Options
    private let choice: SharedMethodChoice

    /// - Parameter baseURL: everything before `/api/v1`, such as `https://mimir.example/prometheus`.
    package init(baseURL: String, http: any HTTPExecuting, options: Options = .init()) {
        self.baseURL = String(baseURL.reversed().drop { $0 == "/" }.reversed())
        self.http = http
        self.options = options
        choice = SharedMethodChoice(options.method)
    }

    /// Evaluates a query at `start`, `start + step`, … `end`.
    ///
    /// - Parameters:
    ///   - start: milliseconds since 1970, as `end`.
    ///   - step: milliseconds.
    ///   - asTold: the values are those of the answer with their times, so that a missing one is told from NaN.
    /// - Throws: ``PrometheusError``; limits are checked before asking where they can be, else while reading.
    package func rangeQuery(
        _ query: String,
        start: Int64,
        end: Int64,
        step: Int64,
        asTold: Bool = false
    ) async throws(PrometheusError) -> RangeQueryResult {
        let grid = try grid(query, start: start, end: end, step: step)
        let parameters = [
            ("query", query), ("start", QueryTime.seconds(grid.start)), ("end", QueryTime.seconds(grid.end)),
            ("step", QueryTime.seconds(grid.step)), ("timeout", QueryTime.seconds(options.timeout)),
        ]
        var result = try await ask("/api/v1/query_range", parameters, about: query) { body throws(ResponseFailure) in
            let limits = ResponseParser.Limits(series: options.maximumSeries, values: options.maximumValues)
            var parser = ResponseParser(grid: grid, limits: limits, isAsTold: asTold)
            let response = try parser.parse(body)
            return response.status == "error" ? nil : try response.rangeQueryResult(on: grid)
        }
        result.warnings = result.warnings.map(redacted)
        result.infos = result.infos.map(redacted)
        return result
    }

    /// What the back end says, without what is sent to it in confidence.
    func redacted(_ words: String) -> String {
        Redaction.words(http.redacted(words), known: options.secrets())
    }

    /// Sends a question, by the other method too where the first is refused, and reads the answer.
    ///
    /// - Parameter read: nil for an error in the body.
    func ask<Answer>(
        _ path: String,
        _ parameters: [(name: String, value: String)],
        about query: String,
        read: (([UInt8]) throws(ResponseFailure) -> Answer?)
    ) async throws(PrometheusError) -> Answer {
        let question = Question(url: baseURL + path, parameters: parameters + options.extraParameters)
        let first = choice.value.first(at: options.now(), fitsURL: question.length <= options.maximumURLBytes)
        let refusal: (status: Int, second: HTTPMethod, error: PrometheusError)
        do {
            // Not kept longer: its bytes count as held, and the second request may need their room.
            let response = try await send(question, by: first, query)
            guard let second = choice.value.second(after: first, status: response.status) else {
                return try answer(in: response, to: [first], query, read)
            }
            refusal = (response.status, second, error(in: response, to: [first], query))
        }
        let second = refusal.second
        let other: HTTPResponse
        do throws(PrometheusError) { other = try await send(question, by: second, query) } catch {
            // Prometheus' own word stands, whatever became of the second attempt.
            guard !refusal.error.isAboutTheQuery else { throw refusal.error }
            throw Self.joined(error, after: refusal.error, to: first)
        }
        do throws(PrometheusError) {
            let answer = try answer(in: other, to: [second], query, read)
            choice.found(second, at: options.now())
            return answer
        } catch {
            if error.isAboutTheQuery {
                choice.found(second, at: options.now())
                throw error
            }
            if refusal.error.isAboutTheQuery { throw refusal.error }
            if other.status == refusal.status { throw self.error(in: other, to: [first, second], query) }
            throw Self.joined(error, after: refusal.error, to: first)
        }
    }

    private func grid(
        _ query: String,
        start: Int64,
        end: Int64,
        step: Int64
    ) throws(PrometheusError) -> QueryGrid {
        guard query.utf8.count <= options.maximumQueryBytes else {
            let message = "The query is longer than \(options.maximumQueryBytes) bytes."
            throw PrometheusError(.badQuery, message, query: query)
        }
        guard let grid = QueryGrid(start: start, end: end, step: step) else {
            let message = "The range \(start) to \(end) ms by \(step) ms is not a range of time."
            throw PrometheusError(.badQuery, message, query: query)
        }
        guard grid.count <= options.maximumPoints else {
            let message = "The range needs \(grid.count) points a series; at most \(options.maximumPoints) are allowed."
            throw PrometheusError(.tooManyPoints, message, query: query)
        }
        return grid
    }

    private func send(
        _ question: Question,
        by method: HTTPMethod,
        _ query: String
    ) async throws(PrometheusError) -> HTTPResponse {
        guard method == .post || question.length <= options.maximumURLBytes else {
            let message =
                "The query needs a URL of \(question.length) bytes by GET; at most \(options.maximumURLBytes) are sent:"
                + " shorten it, record it under a name of its own, or let POST through (prometheus.method)."
            throw PrometheusError(.misconfigured, message, query: query)
        }
        do throws(HTTPError) {
            return try await http.execute(
                question.request(
                    method,
                    timeout: options.timeout,
                    maximumResponseBytes: options.maximumResponseBytes
                )
            )
        } catch {
            throw PrometheusError(error, query: query)
        }
    }

    private func answer<Answer>(
        in response: HTTPResponse,
        to methods: [HTTPMethod],
        _ query: String,
        _ read: ([UInt8]) throws(ResponseFailure) -> Answer?
    ) throws(PrometheusError) -> Answer {
        guard response.isSuccess else { throw error(in: response, to: methods, query) }
        let answer: Answer?
        do throws(ResponseFailure) { answer = try read(response.body) } catch {
            throw PrometheusError(error.code, redacted(error.message), query: query)
        }
        if let answer { return answer }
        let words = ServerWords(response.body, redacted: redacted)
        throw PrometheusError(form: words.form ?? .init(type: "", detail: ""), words: words, query: query)
            .redacted(by: redacted)
    }

    private func error(in response: HTTPResponse, to methods: [HTTPMethod], _ query: String) -> PrometheusError {
        PrometheusError(
            status: response.status,
            headers: response.headers,
            words: ServerWords(response.body, redacted: redacted),
            to: methods,
            query: query
        )
        .redacted(by: redacted)
    }

    /// What the second method came to, with the first in the same sentence.
    private static func joined(
        _ error: PrometheusError,
        after refusal: PrometheusError,
        to first: HTTPMethod
    ) -> PrometheusError {
        var joined = error
        let before = refusal.status.map { "\(first.rawValue) was answered with status \($0) before" } ?? ""
        joined.message = error.message.hasSuffix(".") ? String(error.message.dropLast()) : error.message
        joined.message += " (\(before))."
        return joined
    }
}

/// One question to the API, before it is known by which method it is sent.
private struct Question {
    private let url: String
    private let form: String

    init(url: String, parameters: [(name: String, value: String)]) {
        self.url = url
        form = PercentEncoding.query(parameters)
    }

    /// Of the URL that GET needs.
    var length: Int { url.utf8.count + 1 + form.utf8.count }

    /// A question by POST only asks, so it may be repeated.
    func request(_ method: HTTPMethod, timeout: Duration, maximumResponseBytes: Int) -> HTTPRequest {
        var headers: HTTPHeaders = ["Accept": "application/json"]
        if method == .post { headers["Content-Type"] = "application/x-www-form-urlencoded" }
        return HTTPRequest(
            method: method,
            url: method == .get ? "\(url)?\(form)" : url,
            headers: headers,
            body: method == .post ? Array(form.utf8) : nil,
            timeout: timeout,
            maximumResponseBytes: maximumResponseBytes,
            isIdempotent: true
        )
    }
}

/// The choice of one back end, which all its questions share.
private final class SharedMethodChoice: Sendable {
    private let choice: Mutex<MethodChoice>

    init(_ setting: PrometheusClient.Options.Method) {
        choice = Mutex(MethodChoice(setting))
    }

    var value: MethodChoice { choice.withLock { $0 } }

    func found(_ method: HTTPMethod, at now: ContinuousClock.Instant) {
        choice.withLock { $0.found(method, at: now) }
    }
}
