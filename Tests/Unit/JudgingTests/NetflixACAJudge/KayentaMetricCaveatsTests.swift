import SeededRandom
import Testing

@testable import Judging

@Suite struct KayentaMetricCaveatsTests {
    private static func judged(
        _ control: [Double],
        _ experiment: [Double],
        _ settings: MetricSettings = MetricSettings()
    ) -> (metric: MetricJudgement, quirks: [KayentaQuirk]) {
        let pair = MetricPair(name: "m", groups: ["g"], control: control, experiment: experiment, settings: settings)
        let metric = NetflixACAJudge().judge([pair], by: ScoringRules()).metrics[0]
        return (metric, NetflixACAJudge.caveats(of: metric, settings: settings).map(\.quirk))
    }

    @Test("Ordinary pairs meet no quirk", arguments: [1.0, 1.05, 1.1, 1.2, 2])
    func ordinary(factor: Double) {
        for seed in 0..<100 {
            var generator = SeededGenerator(seed: UInt64(seed))
            let control = generator.samples(60, around: 100, spread: 10)
            let experiment = generator.samples(60, around: 100 * factor, spread: 10)
            #expect(Self.judged(control, experiment).quirks == [], "seed \(seed)")
            let limited = MetricSettings(
                direction: .increase,
                effect: EffectLimits(allowedIncrease: 1.1),
                critical: true
            )
            #expect(Self.judged(control, experiment, limited).quirks == [], "seed \(seed)")
        }
    }

    @Test("Equal sides meet none", arguments: [[], [0, 0, 0, 0, 0], [1], [1, 2], [.infinity, 1]] as [[Double]])
    func equal(values: [Double]) {
        let (metric, quirks) = Self.judged(values, values)
        #expect(quirks == (values.isEmpty ? [.missingMetrics] : []))
        #expect(metric.classification == (values.isEmpty ? .nodata : .pass))
    }

    private static let ones = [1.0, 1.1, 0.9, 1.2, 1, 0.8, 1.05, 0.95]

    @Test(
        "Infinite samples pass",
        arguments: [
            (ones, ones.map { $0 * 5 } + [.infinity]), (ones + [.infinity], ones), (ones, [-.infinity] + ones),
        ] as [([Double], [Double])]
    )
    func infinite(control: [Double], experiment: [Double]) {
        let (metric, quirks) = Self.judged(control, experiment)
        #expect(metric.classification == .pass)
        #expect(quirks == [.infiniteSamples])
    }

    /// A rise of a fifth is found in larger units and missed in small ones.
    @Test(arguments: [(1.0, false), (0.1, false), (0.0001, true), (0.000_01, true), (1e-9, true)])
    func `tiny values`(unit: Double, isTiny: Bool) {
        var generator = SeededGenerator(seed: 7)
        let control = generator.samples(60, around: unit, spread: unit / 10)
        let experiment = generator.samples(60, around: unit * 1.2, spread: unit / 10)
        let (metric, quirks) = Self.judged(control, experiment)
        #expect(quirks == (isTiny ? [.tinyValues] : []))
        if unit <= 0.000_01 { #expect(metric.classification == .pass) }
        // A limit that the effect does not reach leaves nothing to rounding.
        let limited = MetricSettings(direction: .increase, effect: EffectLimits(allowedIncrease: 3))
        #expect(Self.judged(control, experiment, limited).quirks == [])
        // Large numbers that differ by little have the same trouble.
        #expect(Self.judged(control.map { $0 + 8 }, experiment.map { $0 + 8 }).quirks == (isTiny ? [.tinyValues] : []))
    }

    @Test("Samples that are mostly 0 are decided by rounding") func mostlyZero() {
        func minutes(_ every: Int) -> [Double] { (0..<210).map { $0.isMultiple(of: every) ? 3 + Double($0 % 4) : 0 } }
        let (metric, quirks) = Self.judged(minutes(10), minutes(4))
        #expect(quirks == [.mostlyZero])
        #expect(abs(metric.shift?.estimate ?? 1) < 1e-4)
        // The other way round the effect already says that it is no rise.
        #expect(Self.judged(minutes(4), minutes(10), MetricSettings(direction: .increase)).quirks == [])
    }

    @Test("An interval that is upside down") func upsideDown() {
        var (metric, _) = Self.judged(Self.ones, Self.ones.map { $0 + 0.3 })
        #expect(NetflixACAJudge.caveats(of: metric, settings: MetricSettings()) == [])
        let shift = ShiftInterval(lower: 0.5, upper: 0.4, estimate: 0.1, confidence: 0.98, bound: 0.025)
        metric.evidence = .mannWhitney(MannWhitneyEvidence(effect: metric.effect, shift: shift))
        #expect(NetflixACAJudge.caveats(of: metric, settings: MetricSettings()).map(\.quirk) == [.mostlyZero])
    }

    @Test(
        "Few samples",
        arguments: [
            ([1, 1.5], [2, 2.5], [.fewSamples]), ([1, 2, 3, 4], [50, 60, 70, 80], [.fewSamples]),
            ([1, 2, 3, 4, 5], [60, 70, 80, 90, 100], []), ([1, 2, 3, 4, 5], [60, 70, 80], [.fewSamples]),
        ] as [([Double], [Double], [KayentaQuirk])]
    )
    func few(control: [Double], experiment: [Double], expected: [KayentaQuirk]) {
        let (metric, quirks) = Self.judged(control, experiment)
        #expect(metric.classification == .high)
        #expect(quirks == expected)
    }

    @Test(
        "Negative means",
        arguments: [
            (ones.map { -$0 }, ones.map { -$0 - 3 }, "both means are negative"),
            (ones, ones.map { $0 - 3 }, "opposite signs"), (ones.map { $0 - 3 }, ones, "opposite signs"),
        ]
    )
    func negative(control: [Double], experiment: [Double], text: String) {
        let (metric, quirks) = Self.judged(control, experiment)
        #expect(quirks == [.negativeMeans])
        #expect(NetflixACAJudge.caveats(of: metric, settings: MetricSettings())[0].text.contains(text))
        let cles = MetricSettings(effect: EffectLimits(measure: .cles))
        #expect(Self.judged(control, experiment, cles).quirks == [])
    }

    @Test("A mean of 0 switches the limits off") func zeroMean() {
        let none = [Double](repeating: 0, count: 8)
        let limits = MetricSettings(effect: EffectLimits(allowedIncrease: 1e9))
        let (metric, quirks) = Self.judged(none, Self.ones, limits)
        #expect(metric.classification == .high)
        #expect(quirks == [.zeroMeans])
        // What passes has not met its limits.
        #expect(Self.judged(Self.ones, none, MetricSettings(direction: .increase)).quirks == [])
    }

    @Test("The mean falls while most samples rise") func skewed() {
        let control = [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 100]
        let experiment = [3, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6, 3.7, 3.8, 3.9]
        let (metric, quirks) = Self.judged(control, experiment)
        #expect(metric.classification == .pass)
        #expect(quirks == [.skewedSamples])
        #expect(Self.judged(experiment, control).quirks == [.skewedSamples])
        #expect(Self.judged(control, experiment, MetricSettings(direction: .decrease)).quirks == [])
    }

    @Test("Both sides are constant and differ") func constant() {
        let (_, quirks) = Self.judged(.init(repeating: 2, count: 10), .init(repeating: 3, count: 10))
        #expect(quirks == [.constantSides])
        #expect(Self.judged(.init(repeating: 2, count: 10), .init(repeating: 2, count: 9)).quirks == [])
    }

    @Test("An error counts as nothing", arguments: [true, false]) func error(critical: Bool) {
        let settings = MetricSettings(critical: critical)
        let metric = MetricJudgement(
            name: "m",
            groups: [],
            classification: .error,
            reason: nil,
            control: CleanedSamples(Self.ones).described,
            experiment: CleanedSamples(Self.ones).described
        )
        let caveats = NetflixACAJudge.caveats(of: metric, settings: settings)
        #expect(caveats.map(\.quirk) == [.metricsInError])
        #expect(caveats[0].text.hasSuffix("although it is critical") == critical)
        var muted = metric
        muted.muted = true
        #expect(NetflixACAJudge.caveats(of: muted, settings: settings) == [])
    }

    @Test("Missing data") func missing() {
        #expect(Self.judged([], Self.ones).quirks == [.missingMetrics])
        #expect(Self.judged([], Self.ones, MetricSettings(critical: true)).quirks == [.criticalWithoutData])
        #expect(Self.judged([], Self.ones, MetricSettings(nanStrategy: .replace)).quirks == [.replacedSamples])
        #expect(Self.judged([], Self.ones, MetricSettings(mustHaveData: true)).quirks == [])
        #expect(Self.judged([], Self.ones, MetricSettings(muted: true)).quirks == [])
    }

    @Test("A caveat says where to read on") func reference() {
        let caveat = KayentaCaveat(.tinyValues, "x")
        #expect("\(caveat)" == "x (docs/judges/kayenta.md#tiny-values)")
    }
}
