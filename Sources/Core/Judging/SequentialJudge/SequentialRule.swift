/// How the sequential judge compares one metric.
package struct SequentialRule: Sendable, Equatable {
    package enum Measure: Sendable, Equatable {
        /// Events against requests of both sides at the same time.
        case counts
        /// Requests slower than bounds of a histogram, of both sides at the same time. The objective is a bound of its own.
        case latency(objective: Double?)
        /// A value a step of both sides at the same time.
        case gauge
        /// A value a step against earlier times of the same series.
        case past
    }

    package var measure: Measure
    package var direction: Direction
    /// A ratio of experiment and control up to this counts as healthy; at least 1.
    package var margin: Double
    /// The ratio that a pass rules out (counts, latency); above 1.
    package var harm: Double
    /// The smallest ratio that may fail a release (gauges).
    package var gate: Double
    /// The smallest difference, in the metric's own unit, that may fail a release.
    package var floor: Double
    /// A rate of events below this is no harm, whatever the control's is: a pass needs no ratio then (counts). 0 where there is
    /// none.
    package var tolerableRate: Double
    /// Steps that are folded in as one (counts, latency); at least 1.
    package var stepsPerUnit: Int
    /// Steps of the whole analysis; at least 1.
    package var plannedSteps: Int
    /// Steps from one look to the next; nil where there is only one.
    package var stepsPerLook: Int?
    /// A pass does not wait for the metric.
    package var isSignal: Bool
    /// A metric without samples is left out. Otherwise nothing passes before it has been compared.
    package var mayLackData: Bool
    /// Events of which there has never been a sample did not happen. Otherwise the query may name what does not exist.
    package var absentEventsAreNone: Bool
    /// Before each side has had so many requests, the metric decides nothing (counts, latency).
    package var minimumRequests: Double
    /// A pass does not wait until the requests are split as the event declares.
    package var passesWithWrongSplit: Bool
    /// What the counts are told apart by; nil where they are judged all together (counts).
    package var breakdown: CountBreakdown?

    package init(
        measure: Measure,
        direction: Direction,
        margin: Double,
        harm: Double,
        gate: Double,
        floor: Double = 0,
        tolerableRate: Double = 0,
        stepsPerUnit: Int = 1,
        plannedSteps: Int,
        stepsPerLook: Int? = nil,
        isSignal: Bool = false,
        mayLackData: Bool = false,
        absentEventsAreNone: Bool = false,
        minimumRequests: Double = 0,
        passesWithWrongSplit: Bool = false,
        breakdown: CountBreakdown? = nil
    ) {
        self.measure = measure
        self.direction = direction
        self.margin = margin
        self.harm = harm
        self.gate = gate
        self.floor = floor
        self.tolerableRate = tolerableRate
        self.stepsPerUnit = stepsPerUnit
        self.plannedSteps = plannedSteps
        self.stepsPerLook = stepsPerLook
        self.isSignal = isSignal
        self.mayLackData = mayLackData
        self.absentEventsAreNone = absentEventsAreNone
        self.minimumRequests = minimumRequests
        self.passesWithWrongSplit = passesWithWrongSplit
        self.breakdown = breakdown
    }

    /// The metric sees the requests of both sides.
    var countsRequests: Bool {
        switch measure {
        case .counts, .latency: true
        case .gauge, .past: false
        }
    }

    /// Units of the whole analysis.
    package var plannedUnits: Int { max(1, plannedSteps / stepsPerUnit) }

    /// About how many looks bring so many units; nil where that is not known, or is no number of looks.
    package func looks(for units: Double) -> Int? {
        guard let stepsPerLook, stepsPerLook > 0, units >= 0 else { return nil }
        let looks = (units * Double(max(1, stepsPerUnit)) / Double(stepsPerLook)).rounded(.up)
        return Int(exactly: looks)
    }
}

/// The levels of a whole analysis.
package struct SequentialLevels: Sendable, Equatable {
    /// The probability of failing a healthy release that is accepted.
    package var alpha: Double
    /// The probability of passing harm that is accepted.
    package var beta: Double

    package init(alpha: Double = 0.05, beta: Double = 0.05) {
        self.alpha = alpha
        self.beta = beta
    }
}
