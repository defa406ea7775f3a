package import Analysis
package import Prometheus
import Text

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
                // Names are for the message about several series, which shows a few.
                names: result.series.prefix(4).map { $0.labels.description.excerpt(120) },
                labels: result.series.map(\.labels),
                bounds: Self.bounds(of: result),
                warnings: result.warnings,
                infos: result.infos,
                isPartial: result.isPartial || !result.warnings.isEmpty,
                movedCount: result.movedSamples,
                ignoredCount: result.ignoredSamples
            )
        } catch {
            throw SamplingFailure(kind: Self.kind(of: error.code), message: error.message)
        }
    }

    private static func bounds(of result: RangeQueryResult) -> [Double] {
        let bounds = result.series.compactMap { series in
            series.labels["le"].flatMap { $0 == "+Inf" ? .infinity : Double($0) }
        }
        return bounds.count == result.series.count && !bounds.contains { $0.isNaN } ? bounds : []
    }

    /// What answers at the address, in a few words.
    package func probe() async throws(SamplingFailure) -> String {
        do throws(PrometheusError) {
            return try await client.probe().version.map { "version \($0)" } ?? "version unknown"
        } catch {
            throw SamplingFailure(kind: Self.kind(of: error.code), message: error.message)
        }
    }

    /// A wrong address, refused credentials or a proxy's page are a back end out of reach: the release is not to blame, and
    /// an operator can mend it while the session waits. Only what Prometheus says of the query itself ends an analysis.
    private static func kind(of code: PrometheusError.Code) -> SamplingFailure.Kind {
        switch code {
        case .badQuery, .notNumbers: .badQuery
        case .overloaded: .overloaded
        case .tooManySeries: .tooManySeries
        case .tooManyPoints: .tooLarge
        default: .unreachable
        }
    }
}
