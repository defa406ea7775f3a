/// One recorded series, or two recorded side by side, from which analyses are cut.
struct RecordedSeries: Sendable {
    enum Content: Sendable {
        /// Recorded at the same time, in the steps in which both have a value.
        case twins(control: [Double], experiment: [Double])
        case level(SharedLevel)
        /// One series, NaN where there is no value: the experiment is held against its own past.
        case past([Double])
    }

    let name: String
    let content: Content
    let fallsWhenWorse: Bool
    /// Added before a degradation multiplies: a multiple of nothing is nothing.
    let offset: Double
    /// How many analyses are cut from it, if it is long enough.
    let analyses: Int

    init(
        name: String,
        _ content: Content,
        fallsWhenWorse: Bool = false,
        offset: Double,
        analyses: Int
    ) {
        self.name = name
        self.content = content
        self.fallsWhenWorse = fallsWhenWorse
        self.offset = offset
        self.analyses = analyses
    }

    /// Series with values below this share of their mean get it as their offset.
    static let offsetShare = 0.05
    /// The earlier windows of a comparison with the past: one as the reference, and pseudo-releases.
    static let earlierWindows = 6...9

    /// The offset for values: 0 for steady ones, a part of the mean for those that are near 0 at times, where ratios say
    /// nothing. NaN are no values. Nil where values are negative, or all of them 0: they have no ratios at all.
    static func offset(for values: [Double]) -> Double? {
        let present = values.filter { !$0.isNaN }
        guard let least = present.min(), least >= 0 else { return nil }
        let offset = offsetShare * present.reduce(0, +) / Double(present.count)
        if least > 0, least >= offset { return 0 }
        return offset > 0 ? offset : nil
    }

    /// Where the analyses begin: as evenly apart as the series allows; windows may overlap. Fewer than asked for where there
    /// are not so many.
    func starts(steps: Int, count: Int) -> [Int] {
        let possible: [Int]
        switch content {
        case .twins(let control, _): possible = Array(0..<max(0, control.count - steps + 1))
        case .level(let level): possible = Array(0..<max(0, level.count - steps + 1))
        case .past(let values):
            let first = Self.earlierWindows.lowerBound * steps
            let last = values.count - steps
            let missing = Self.countsOfMissing(values)
            possible =
                first > last
                ? []
                : (first...last).filter { start in
                    missing[start + steps] - missing[start] <= steps / 10
                        && Self.windows(before: start, steps: steps, missing) >= Self.earlierWindows.lowerBound
                }
        }
        guard count > 1, possible.count > count else { return Array(possible.prefix(max(0, count))) }
        return (0..<count).map { possible[$0 * (possible.count - 1) / (count - 1)] }
    }

    /// An analysis from a start on. The same stream gives the same noise.
    func analysis(from start: Int, steps: Int, _ degradation: Degradation, _ stream: RandomStream) -> EvaluatedAnalysis
    {
        var stream = stream
        var metric = EvaluatedMetric(name: name, kind: .gauge(history: history), fallsWhenWorse: fallsWhenWorse)
        let control: [Double]
        let experiment: [Double]
        switch content {
        case .twins(let first, let second):
            control = Array(first[start..<start + steps])
            experiment = Array(second[start..<start + steps])
            let before = Self.before(start, steps: steps)
            metric.pairs = Array(zip(first[before], second[before]))
        case .level(let level):
            (control, experiment) = level.pair(from: start, steps: steps, &stream)
            let before = Self.before(start, steps: steps)
            let earlier = level.pair(from: before.lowerBound, steps: before.count, &stream)
            metric.pairs = Array(zip(earlier.control, earlier.experiment))
        case .past(let values):
            let windows = Self.windows(before: start, steps: steps, Self.countsOfMissing(values))
            metric.earlier = Array(values[start - windows * steps..<start])
            control = [Double](repeating: .nan, count: steps)
            experiment = Array(values[start..<start + steps])
        }
        let looks = (0..<steps).map { step in
            let factor = degradation.factor(at: step, of: steps)
            let lifted = experiment[step] + offset
            let degraded = max(0, (fallsWhenWorse ? lifted / factor : lifted * factor) - offset)
            return [EvaluatedUnit.values(control: control[step], experiment: degraded)]
        }
        return EvaluatedAnalysis(comparison: comparison, metrics: [metric], looks: looks)
    }

    /// The two lifetimes before a start, as far as the series goes back.
    private static func before(_ start: Int, steps: Int) -> Range<Int> { max(0, start - 2 * steps)..<start }

    /// What is known of the control: all of it.
    private var history: [Double] {
        switch content {
        case .twins(let control, _): control
        case .level(let level): level.values
        case .past: []
        }
    }

    var comparison: EvaluatedComparison { if case .past = content { .before } else { .concurrent } }

    /// How many values are missing before each index.
    private static func countsOfMissing(_ values: [Double]) -> [Int] {
        values.reduce(into: [0]) { $0.append($0[$0.count - 1] + ($1.isNaN ? 1 : 0)) }
    }

    /// How many whole windows before an index have at least half of their values, counted from it; no more than are used.
    private static func windows(before start: Int, steps: Int, _ missing: [Int]) -> Int {
        var windows = 0
        while windows < earlierWindows.upperBound {
            let first = start - (windows + 1) * steps
            guard first >= 0, missing[first + steps] - missing[first] <= steps / 2 else { break }
            windows += 1
        }
        return windows
    }
}
