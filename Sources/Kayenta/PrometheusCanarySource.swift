import Analysis
package import KayentaFormats
package import Prometheus

/// Samples from the Prometheus that the settings name. Nothing of a request becomes an address.
package struct PrometheusCanarySource: CanarySource {
    private let client: PrometheusClient

    package init(_ client: PrometheusClient) {
        self.client = client
    }

    package func series(
        of query: String,
        for scope: CanaryScope
    ) async throws(CanarySourceFailure) -> [CanarySeries] {
        let result: RangeQueryResult
        do throws(PrometheusError) {
            result = try await client.rangeQuery(
                query,
                start: scope.start.milliseconds,
                end: scope.end.milliseconds,
                step: scope.step * 1000,
                asTold: true
            )
        } catch {
            throw CanarySourceFailure(error.message, isTransient: error.isTransient)
        }
        // What is missing may be the errors of the canary.
        guard !result.isPartial else {
            let reason = result.warnings.first.map { ": \($0)" } ?? ""
            throw CanarySourceFailure("The answer of the back end is not whole\(reason).", isTransient: true)
        }
        return result.series.map { series in
            CanarySeries(
                tags: Dictionary(series.labels.pairs.map { ($0.name, $0.value) }) { $1 }
                    .filter { $0.key != "__name__" },
                times: series.times.map { Timestamp(milliseconds: $0) },
                values: series.values
            )
        }
    }
}
