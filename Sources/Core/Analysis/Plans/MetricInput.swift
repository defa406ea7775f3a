/// What a metric measures, beside the one series a side that its `query` gives: what a judge of counts needs.
package enum MetricInput: Sendable, Equatable {
    /// The values of `query`.
    case value
    /// Events, such as errors, and the requests that they are part of.
    case counts(events: CountQuery, requests: CountQuery)
    /// The buckets of a histogram, by their upper bounds (`le`).
    case histogram(buckets: CountQuery)
}

/// PromQL whose samples become counts.
package struct CountQuery: Sendable, Equatable {
    /// PromQL with `${scope}`-style variables.
    package var query: String
    /// The time that a sample counts over: a second for a rate, the range for an increase.
    package var per: Duration

    package init(query: String, per: Duration = .seconds(1)) {
        self.query = query
        self.per = per
    }

    /// What a sample is multiplied by to become the count of one step.
    package func scale(step: Duration) -> Double { step / per }
}

/// What a metric means for the decision.
package enum MetricRole: String, Sendable, Codable, CaseIterable {
    /// Its failure ends the analysis at once, whatever the others say; a pass needs it. It counts double.
    case critical
    /// Its failure fails the release; a pass needs it.
    case guardrail
    /// Its failure fails the release; a pass does not wait for it.
    case signal
    /// Judged and shown; never counted, never waited for.
    case info
}

/// What a metric is.
package enum MetricKind: String, Sendable, Codable, CaseIterable {
    /// The share of requests that fail.
    case errors
    /// How long requests take.
    case latency
    /// A value at a time.
    case gauge
    /// A share or a quotient.
    case ratio
}
