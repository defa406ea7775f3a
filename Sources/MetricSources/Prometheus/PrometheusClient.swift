package import HTTPTransport

/// The query API of Prometheus and of those that speak it (Thanos, Mimir, VictoriaMetrics).
package struct PrometheusClient: Sendable {
    private let baseURL: String
    private let http: any HTTPExecuting
    private let options: Options

    /// - Parameter baseURL: everything before `/api/v1`, such as `https://mimir.example/prometheus`.
    package init(baseURL: String, http: any HTTPExecuting, options: Options = .init()) {
        self.baseURL = String(baseURL.reversed().drop { $0 == "/" }.reversed())
        self.http = http
        self.options = options
    }

    /// Evaluates a query at `start`, `start + step`, … `end`.
    ///
    /// - Parameters:
    ///   - start: milliseconds since 1970, as `end`.
    ///   - step: milliseconds.
    /// - Throws: ``PrometheusError``; limits are checked before asking where they can be, else while reading.
    package func rangeQuery(
        _ query: String,
        start: Int64,
        end: Int64,
        step: Int64
    ) async throws(PrometheusError) -> RangeQueryResult {
        let grid = try grid(query, start: start, end: end, step: step)
        let parameters = [
            ("query", query), ("start", QueryTime.seconds(grid.start)), ("end", QueryTime.seconds(grid.end)),
            ("step", QueryTime.seconds(grid.step)), ("timeout", QueryTime.seconds(options.timeout)),
        ]
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await http.execute(request("/api/v1/query_range", parameters + options.extraParameters))
        } catch {
            throw PrometheusError(error, query: query)
        }
        guard response.isSuccess else {
            throw PrometheusError(status: response.status, body: response.body, query: query)
        }
        return try result(of: response.body, grid: grid, query: query)
    }

    /// Whether the server answers queries now.
    package func isReady() async -> Bool {
        var probe = HTTPRequest(url: baseURL + "/-/ready", timeout: .seconds(5), maximumResponseBytes: 64 << 10)
        if let response = try? await http.execute(probe) {
            if response.isSuccess { return true }
            guard response.status == 404 || response.status == 405 else { return false }
        }
        // Query frontends have no readiness page under the query prefix; the shortest query tells as much.
        probe = request("/api/v1/query", [("query", "1")] + options.extraParameters)
        probe.timeout = .seconds(5)
        return (try? await http.execute(probe))?.isSuccess ?? false
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

    /// A form by POST, because queries outgrow URLs. It only asks, so it may be repeated.
    private func request(_ path: String, _ parameters: [(name: String, value: String)]) -> HTTPRequest {
        HTTPRequest(
            method: .post,
            url: baseURL + path,
            headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"],
            body: PercentEncoding.form(parameters),
            timeout: options.timeout,
            maximumResponseBytes: options.maximumResponseBytes,
            isIdempotent: true
        )
    }

    private func result(
        of body: [UInt8],
        grid: QueryGrid,
        query: String
    ) throws(PrometheusError) -> RangeQueryResult {
        let limits = ResponseParser.Limits(series: options.maximumSeries, values: options.maximumValues)
        let response: ParsedResponse
        do throws(ResponseFailure) {
            var parser = ResponseParser(grid: grid, limits: limits)
            response = try parser.parse(body)
            if response.status != "error" { return try response.rangeQueryResult(on: grid) }
        } catch {
            throw PrometheusError(error.code, error.message, query: query)
        }
        throw PrometheusError(errorType: response.errorType ?? "", detail: response.error ?? "", query: query)
    }
}
