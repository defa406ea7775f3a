/// A value a step against earlier times of the same series, where no control runs beside.
struct PastComparison: Sendable, Equatable {
    var state: BeforeAfterState?

    /// What three looks in a row beyond all that is usual count as: 1 in 200 at each look, of its own level.
    static let harmEvidence = 5.298317366548036

    init(_ rule: SequentialRule, history: MetricHistory) {
        let reference = history.windows.first ?? []
        let known = reference.filter(\.isFinite)
        let mean = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
        let past = try? BeforeAfterRule(
            direction: rule.direction,
            margin: min(max(rule.margin, 1), 32),
            offset: known.contains(0) ? max(0, mean * GaugeComparison.offsetShare) : 0,
            plannedSteps: rule.plannedSteps
        )
        let earlier = history.windows.dropFirst().map { window in
            EarlierWindow(
                reference: Array(window.prefix(rule.plannedSteps)),
                values: Array(window.dropFirst(rule.plannedSteps).suffix(rule.plannedSteps))
            )
        }
        state = past.map { BeforeAfterState($0, reference: reference, earlier: earlier) }
    }

    init(_ state: BeforeAfterState?) {
        self.state = state
    }

    /// Steps with a value.
    var valueCount: Int {
        guard let state else { return 0 }
        return state.steps - state.missing - state.refused
    }

    mutating func fold(_ value: Double) {
        state?.fold(value)
    }

    var reading: ComparisonReading {
        var reading = ComparisonReading(.past)
        reading.rulesOutHarm = false
        guard let state else { return reading }
        reading.units = valueCount
        reading.skipped = state.missing + state.refused
        reading.noise = NoiseEvidence(
            source: state.canDecide ? .learned : .assumed,
            dispersion: 1,
            historyUnits: state.windows
        )
        switch state.outcome {
        case .fail: reading.logFail = Self.harmEvidence
        case .pass: reading.logPass = .greatestFiniteMagnitude
        case .goOn, .inconclusive: break
        }
        reading.hasNoReference = !state.canDecide || state.logReference == nil
        if !state.canDecide {
            reading.limits.append("fewer than 5 earlier times of the series are known, so nothing is decided")
        }
        if state.logReference == nil {
            reading.limits.append(
                "too few values above 0 before the release, of which nothing is a multiple, so nothing is decided"
            )
        }
        if let look = state.look {
            reading.effect = RatioEstimate(estimate: look.ratio, lower: look.ratio, upper: look.ratio, confidence: 0)
            let limits = [
                look.increaseLimit.map { "from \($0.brief)" }, look.decreaseLimit.map { "up to \($0.brief)" },
            ]
            let text = limits.compactMap(\.self).joined(separator: " or ")
            if !text.isEmpty {
                reading.limits.append(
                    "\(text) times counts as harm, by how \(state.windows) earlier times without a release differed"
                )
            }
        }
        return reading
    }
}
