/// What a session's judge has made of the settled samples of a metric.
package struct StoredMetricState: Sendable, Equatable {
    package var session: String
    /// Index into the plan's metrics.
    package var metric: Int
    /// With a form of its own; the store does not read it.
    package var bytes: [UInt8]

    package init(session: String, metric: Int, bytes: [UInt8]) {
        self.session = session
        self.metric = metric
        self.bytes = bytes
    }
}
