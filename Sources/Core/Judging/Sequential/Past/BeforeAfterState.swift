/// The state of a metric that is compared with its own past.
///
/// The median since the release over that of one lifetime before it, as ln of their ratio, against the same difference
/// after earlier moments without a release. Harm is shown by three looks in a row. It never passes early, and at the end
/// only where it could have seen twice the margin. The values of the analysis are kept, in order of size, to its end.
package struct BeforeAfterState: Sendable, Equatable {
    /// How things stand.
    package enum Outcome: UInt8, Sendable, Equatable {
        /// The analysis goes on.
        case goOn = 0
        /// Harm is shown.
        case fail = 1
        /// At the end: no harm, and it would have been seen.
        case pass = 2
        /// At the end: neither, or too little of the past is known.
        case inconclusive = 3
    }

    /// What a look found.
    package struct Look: Sendable, Equatable {
        /// Steps since the release.
        package let step: Int
        /// ln of the median since the release / that before it.
        package let logRatio: Double
        /// From which ratios on an increase, and up to which a decrease, counts as harm; nil where it is none.
        package let increaseLimit: Double?
        package let decreaseLimit: Double?

        /// The median since the release / that before it; 1e100 is "or more".
        package var ratio: Double { BeforeAfterState.ratio(logRatio) }

        init(step: Int, logRatio: Double, _ index: Int, of state: BeforeAfterState) {
            self.step = step
            self.logRatio = logRatio
            increaseLimit = state.limit(1, index)
            decreaseLimit = state.limit(-1, index)
        }
    }

    package let rule: BeforeAfterRule
    /// The earlier windows that could be used.
    package internal(set) var windows: Int
    /// ln of the median before the release; nil where too few values are known.
    var logReference: Double?
    /// For each direction of harm, ln of the ratio at each look; infinite where too few windows reach so far.
    var thresholds: [[Double]]
    /// ln of the values since the release, ascending.
    var values: [Double] = []
    /// How many steps there were, with values or not; those after the planned ones do not count.
    package internal(set) var steps = 0
    package internal(set) var missing = 0
    package internal(set) var refused = 0
    /// Looks in a row with harm, for each direction.
    var streaks: [Int]
    package internal(set) var outcome = Outcome.goOn
    /// The latest look.
    package internal(set) var look: Look?

    /// Nothing seen since the release.
    ///
    /// - Parameters:
    ///   - reference: the values of one lifetime before the release; NaN where there is none.
    ///   - earlier: eight earlier stretches, the latest first; below five nothing is decided.
    package init(_ rule: BeforeAfterRule, reference: [Double], earlier: [EarlierWindow]) {
        self.rule = rule
        let looks = rule.looks
        logReference = Self.median(
            reference.suffix(rule.plannedSteps),
            of: min(reference.count, rule.plannedSteps),
            rule
        )
        let trajectories = earlier.prefix(BeforeAfterRule.largestWindows).compactMap { window in
            Self.trajectory(window, looks, rule)
        }
        windows = trajectories.count
        let signs = rule.direction.signs
        let upper = 0.005 / Double(signs.count)
        thresholds = signs.map { sign in
            looks.indices.map { look in
                let differences = trajectories.compactMap { $0[look] }.map { sign * $0 }
                guard differences.count >= BeforeAfterRule.fewestWindows else { return .infinity }
                return BeforeAfterThreshold.logRatio(differences, margin: rule.margin, upper: upper)
            }
        }
        streaks = signs.map { _ in 0 }
    }

    /// Adds the value of the next step; NaN where there is none.
    package mutating func fold(_ value: Double) {
        guard steps < rule.plannedSteps else { return }
        steps += 1
        if value.isNaN {
            missing += 1
        } else if let number = rule.logValue(value) {
            values.insert(number, at: place(of: number))
        } else {
            refused += 1
        }
        if let index = rule.looks.firstIndex(of: steps) { lookAt(index) }
    }

    private mutating func lookAt(_ index: Int) {
        defer { if steps >= rule.plannedSteps { end(index) } }
        // Half of the values have to be there.
        guard let logReference, 2 * values.count >= steps, !values.isEmpty else {
            streaks = streaks.map { _ in 0 }
            look = nil
            return
        }
        let difference = MedianOfSorted.of(values) - logReference
        for (side, sign) in rule.direction.signs.enumerated() {
            streaks[side] = sign * difference >= thresholds[side][index] ? streaks[side] + 1 : 0
            if streaks[side] >= BeforeAfterRule.looksInARow, outcome == .goOn { outcome = .fail }
        }
        look = Look(step: steps, logRatio: difference, index, of: self)
    }

    private func limit(_ sign: Double, _ index: Int) -> Double? {
        guard let side = rule.direction.signs.firstIndex(of: sign), thresholds[side][index].isFinite else { return nil }
        return Self.ratio(sign * thresholds[side][index])
    }

    /// A ratio that is a number at all sizes.
    private static func ratio(_ logRatio: Double) -> Double { min(1e100, max(1e-100, Elementary.exp(logRatio))) }

    /// A look at the end finds a pass where there is no harm beyond the margin, and twice the margin would have been seen.
    private mutating func end(_ index: Int) {
        guard outcome == .goOn else { return }
        let margin = Elementary.log(rule.margin)
        let isHarmless = rule.direction.signs.enumerated().allSatisfy { side, sign in
            look.map { sign * $0.logRatio < margin } ?? false && thresholds[side][index] < 2 * margin
        }
        outcome = isHarmless ? .pass : .inconclusive
    }

    private func place(of number: Double) -> Int {
        var first = 0
        var end = values.count
        while first < end {
            let middle = (first + end) / 2
            if values[middle] < number { first = middle + 1 } else { end = middle }
        }
        return first
    }

    /// Something can be decided: the past is known well enough at some look.
    package var canDecide: Bool { logReference != nil && thresholds.contains { $0.contains(where: \.isFinite) } }
}

extension BeforeAfterState {
    /// The median of ln of the values that there are; nil where fewer than half of `count` are.
    private static func median(_ values: some Sequence<Double>, of count: Int, _ rule: BeforeAfterRule) -> Double? {
        let known = values.compactMap(rule.logValue).sorted()
        return !known.isEmpty && 2 * known.count >= count ? MedianOfSorted.of(known) : nil
    }

    /// The difference at each look, as if a release had been at the window's start; nil without a reference.
    private static func trajectory(_ window: EarlierWindow, _ looks: [Int], _ rule: BeforeAfterRule) -> [Double?]? {
        let reference = window.reference.suffix(rule.plannedSteps)
        guard let before = median(reference, of: rule.plannedSteps, rule) else { return nil }
        return looks.map { look in
            guard window.values.count >= look else { return nil }
            return median(window.values.prefix(look), of: look, rule).map { $0 - before }
        }
    }
}
