package import Analysis
package import Prometheus

/// Samples from Prometheus or what speaks its API.
package struct PrometheusBackEnd: MetricsBackEnd {
    private let client: PrometheusClient

    package init(_ client: PrometheusClient) {
        self.client = client
    }

    package func series(
        of query: String,
        in window: TimeWindow,
        step: Duration
    ) async throws(SamplingFailure) -> BackEndAnswer {
        do throws(PrometheusError) {
            let result = try await client.rangeQuery(
                query,
                start: (window.start + step).milliseconds,
                end: window.end.milliseconds,
                step: step.milliseconds
            )
            return BackEndAnswer(
                series: result.series.map(\.values),
                warnings: result.warnings,
                isPartial: result.isPartial || !result.warnings.isEmpty
            )
        } catch {
            throw SamplingFailure(kind: Self.kind(of: error.code), message: error.message)
        }
    }

    /// A wrong address or refused credentials are a back end out of reach: the release is not to blame, and an operator
    /// can mend it while the session waits.
    private static func kind(of code: PrometheusError.Code) -> SamplingFailure.Kind {
        switch code {
        case .badQuery: .badQuery
        case .overloaded: .overloaded
        case .tooManySeries: .tooManySeries
        case .tooManyPoints, .responseTooLarge: .tooLarge
        default: .unreachable
        }
    }
}
