extension PrometheusClient {
    package struct Options: Sendable {
        /// How queries are sent.
        package enum Method: String, Sendable, CaseIterable {
            /// By POST, and by GET where POST is refused.
            case auto
            case post
            case get
        }

        /// Sent with every query: `dedup`, `partial_response`, `extra_label`, …
        package var extraParameters: [(name: String, value: String)] = []
        package var method = Method.auto
        package var maximumSeries = 1000
        /// Points per series. Prometheus itself refuses more than 11,000.
        package var maximumPoints = 11_000
        /// Values of all series together, present or missing: what bounds the memory of a result.
        package var maximumValues = 4_000_000
        /// More is no answer for the time being, as an outage is.
        package var maximumResponseBytes = 8 << 20
        package var maximumQueryBytes = 64 << 10
        /// Of a whole URL by GET: proxies take 8 KiB for a request line as a rule.
        package var maximumURLBytes = 8000
        package var timeout: Duration = .seconds(30)
        /// What must not be shown where a server echoes it.
        package var secrets: @Sendable () -> [String] = { [] }
        package var now: @Sendable () -> ContinuousClock.Instant = { .now }

        package init() {}
    }
}
