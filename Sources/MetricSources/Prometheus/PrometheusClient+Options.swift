extension PrometheusClient {
    package struct Options: Sendable {
        /// Sent with every query: `dedup`, `partial_response`, `extra_label`, …
        package var extraParameters: [(name: String, value: String)] = []
        package var maximumSeries = 1000
        /// Points per series. Prometheus itself refuses more than 11,000.
        package var maximumPoints = 11_000
        /// Values of all series together, present or missing: what bounds the memory of a result.
        package var maximumValues = 4_000_000
        package var maximumResponseBytes = 32 << 20
        package var maximumQueryBytes = 64 << 10
        package var timeout: Duration = .seconds(30)

        package init() {}
    }
}
