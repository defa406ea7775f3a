package import Judging

/// What sampling brought back for one look.
package struct LookSamples: Sendable, Equatable {
    package var look: Look
    /// In the order of the plan's metrics.
    package var metrics: [MetricSamples]
    /// What is known to surprise in the plan, each in one sentence.
    package var planWarnings: [String]

    package init(look: Look, metrics: [MetricSamples], planWarnings: [String] = []) {
        self.look = look
        self.metrics = metrics
        self.planWarnings = planWarnings
    }
}

package struct MetricSamples: Sendable, Equatable {
    package var control: SideSamples
    package var experiment: SideSamples
    /// What a judge with a state has not seen; nil with other judges, and where a side could not be sampled.
    package var increment: MetricIncrement?
    /// What that judge has made of all before; nil with other judges.
    package var state: SequentialState?
    /// How that judge compares the metric.
    package var rule: SequentialRule?

    package init(
        control: SideSamples,
        experiment: SideSamples,
        increment: MetricIncrement? = nil,
        state: SequentialState? = nil,
        rule: SequentialRule? = nil
    ) {
        self.control = control
        self.experiment = experiment
        self.increment = increment
        self.state = state
        self.rule = rule
    }

    package subscript(side: Side) -> SideSamples {
        get { side == .control ? control : experiment }
        set { if side == .control { control = newValue } else { experiment = newValue } }
    }
}

/// One side of one metric on the look's grid.
package struct SideSamples: Sendable, Equatable {
    /// The PromQL that was sent; nil when it could not be made.
    package var query: String?
    /// Those that were sent, where they are several and the query only says what is made of them: events, requests, and events
    /// by the label of new values.
    package var queries: [String] = []
    /// One value per grid instant of the window, or per instant that the judge's state has not seen. NaN where there is none;
    /// empty when sampling failed.
    package var values: [Double]
    /// Where the side had samples before `values`.
    package var earlier = SampleCoverage()
    /// What the metrics back end said beside its answer.
    package var warnings: [String]
    /// The label values that the side was asked for by.
    package var labels: ScopeLabels = [:]
    /// Remarks of the back end on the query, which say nothing about the data.
    package var infos: [String] = []
    /// Samples of this look's answer that were moved to the nearest instant, and those that lay too far from any.
    package var movedCount = 0
    package var ignoredCount = 0
    /// The answer is incomplete, so that it must not decide anything.
    package var isPartial: Bool
    package var failure: SamplingFailure?

    package init(
        query: String?,
        values: [Double] = [],
        warnings: [String] = [],
        isPartial: Bool = false,
        failure: SamplingFailure? = nil
    ) {
        self.query = query
        self.values = values
        self.warnings = warnings
        self.isPartial = isPartial
        self.failure = failure
    }

    /// Where the side has samples, in all.
    package var coverage: SampleCoverage {
        var coverage = earlier
        for value in values { coverage.add(value) }
        return coverage
    }

    /// Samples that are there; infinities count, NaN does not.
    package var presentCount: Int { coverage.present }
}

/// Why one side of a metric could not be sampled.
package struct SamplingFailure: Error, Sendable, Equatable, Codable, CustomStringConvertible {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// The back end refuses the query, or the query can tell nothing; asking again cannot help.
        case badQuery
        /// More than one series, and the plan does not say how to combine them.
        case tooManySeries
        /// The answer is larger than the limits allow.
        case tooLarge
        /// A variable of the query has no value in the event or the plan.
        case unresolvedVariable
        case overloaded
        case unreachable
    }

    package var kind: Kind
    /// One sentence.
    package var message: String

    package init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }

    /// The cause lies in the back end and may pass; nil when the plan or the event is wrong.
    package var holdCause: HoldCause? {
        switch kind {
        case .overloaded: .overloaded
        case .unreachable: .unreachable
        case .badQuery, .tooManySeries, .tooLarge, .unresolvedVariable: nil
        }
    }
}
