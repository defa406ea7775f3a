import Testing

@testable import Judging

@Suite("Counts of strata")
struct StratumTalliesTests {
    private static func rule(_ breakdown: CountBreakdown?, floor: Double = 0) -> SequentialRule {
        var rule = SharedFateTests.rule()
        rule.stepsPerUnit = 1
        rule.floor = floor
        rule.breakdown = breakdown
        return rule
    }

    private static let routes = CountBreakdown.strata(label: "route")

    /// Events and requests of a route at each of some steps.
    private static func column(_ routes: [(String, Double, Double)], steps: Int = 1) -> CountColumn {
        func series(_ value: Double) -> [Double] { Array(repeating: value, count: steps) }
        return CountColumn(
            events: routes.map { ($0.0, series($0.1)) },
            requests: routes.map { ($0.0, series($0.2)) },
            count: steps
        )
    }

    private static func judged(
        _ rule: SequentialRule,
        control: [(String, Double, Double)],
        experiment: [(String, Double, Double)],
        steps: Int = 30
    ) -> (judgement: Judgement, state: SequentialState) {
        var pair = MetricPair(name: "errors", control: [1], experiment: [1], settings: MetricSettings(sequential: rule))
        let history = MetricHistory(control: .counts(column(control, steps: 120)))
        pair.state = SequentialState(rule, history: history)
        pair.increment = MetricIncrement(
            control: .counts(column(control, steps: steps)),
            experiment: .counts(column(experiment, steps: steps)),
            settled: steps
        )
        SequentialJudge().fold(&pair)
        let judgement = SequentialJudge().judge([pair], by: ScoringRules())
        return (judgement, pair.state ?? SequentialState(rule, history: history))
    }

    /// The canary has three times as much of the route that fails five times as often.
    private static let stable = [("/cart", 90.0, 9_000.0), ("/pay", 50, 1_000)]
    private static let shifted = [("/cart", 7.0, 700.0), ("/pay", 15, 300)]

    @Test("Another mix of the traffic fails by the totals, and passes by the strata")
    func mix() throws {
        #expect(Self.judged(Self.rule(nil), control: Self.stable, experiment: Self.shifted).judgement.result == .fail)
        let strata = Self.judged(Self.rule(Self.routes), control: Self.stable, experiment: Self.shifted).judgement
        #expect(strata.result == .pass)
        let evidence = try #require(strata.metrics[0].sequential)
        #expect(evidence.effect.map { $0.lower < 1 && $0.upper > 1 && $0.upper < 1.5 } == true)
        #expect(evidence.strata?.count == 2)
        #expect(evidence.strata?.pooledRatio.map { abs($0 - 22.0 / 1_000 / 0.014) < 1e-9 } == true)
        let said = "the mix of route differs between the sides: all together it would be 1.57 times"
        #expect(strata.metrics[0].reason?.text.contains(said) == true, "\(strata.metrics[0].reason?.text ?? "")")
        // The totals are the same.
        #expect(evidence.experiment == ExposureTotals(events: 660, requests: 30_000))
    }

    /// 1.3 times the errors on each route, and hardly any of the bad one: fewer errors in all.
    private static let better = [("/cart", 12.9, 995.0), ("/pay", 0.3, 5)]

    @Test("Harm that a better mix hides is found", arguments: [0, 0.002])
    func hidden(floor: Double) throws {
        let pooled = Self.judged(Self.rule(nil, floor: floor), control: Self.stable, experiment: Self.better, steps: 60)
        #expect(pooled.judgement.result == .pass)
        let strata = Self.judged(
            Self.rule(Self.routes, floor: floor),
            control: Self.stable,
            experiment: Self.better,
            steps: 60
        )
        #expect(strata.judgement.result == .fail)
        let evidence = try #require(strata.judgement.metrics[0].sequential?.strata)
        #expect(evidence.strongest?.name == "/cart" && evidence.strongest?.part ?? 0 > 0.5)
        #expect(
            strata.judgement.metrics[0].reason?.text.contains("of it on route /cart, at 1.3 times the control") == true,
            "\(strata.judgement.metrics[0].reason?.text ?? "")"
        )
    }

    @Test("What only the experiment has is compared with nothing, and keeps the metric from passing")
    func newRoute() throws {
        let same = [("/cart", 9.0, 900.0), ("/pay", 5, 100)]
        #expect(Self.judged(Self.rule(Self.routes), control: Self.stable, experiment: same).judgement.result == .pass)
        for route in [("/new", 0.0, 100.0), ("/new", 3, 3)] {
            let judged = Self.judged(Self.rule(Self.routes), control: Self.stable, experiment: same + [route]).judgement
            #expect(judged.result == .inconclusive)
            #expect(judged.metrics[0].sequential?.strata?.isHeld == true)
            #expect(judged.metrics[0].reason?.text.contains("compared with nothing") == true)
        }
        let few = Self.judged(Self.rule(Self.routes), control: Self.stable, experiment: same + [("/new", 0, 1)])
        #expect(few.judgement.result == .pass)
    }

    @Test("A stratum in which the sides take turns is compared when both have had requests")
    func turns() throws {
        let rule = Self.rule(Self.routes)
        var state = SequentialState(rule, history: MetricHistory())
        for step in 0..<20 {
            let rare = [("/rare", 1.0, 10.0)]
            let usual = [("/cart", 1.0, 100.0)]
            let increment = MetricIncrement(
                control: .counts(Self.column(usual + (step.isMultiple(of: 2) ? rare : []))),
                experiment: .counts(Self.column(usual + (step.isMultiple(of: 2) ? [] : rare))),
                settled: 1
            )
            state.fold(increment, by: rule)
        }
        let strata = try #require(state.evidence(by: rule).strata)
        #expect(strata.uncompared == ExposureTotals(events: 0, requests: 0) && strata.count == 2)
        #expect(state.evidence(by: rule).experiment == ExposureTotals(events: 30, requests: 2_100))
    }

    @Test("More strata than are told apart are one more, and nothing is lost")
    func many() throws {
        let routes = (0..<150).map { ("/r\($0)", 1.0, 100.0) }
        let (judgement, state) = Self.judged(Self.rule(Self.routes), control: routes, experiment: routes)
        let evidence = try #require(judgement.metrics[0].sequential)
        #expect(evidence.strata?.count == StratumTallies.largestCount + 1)
        #expect(evidence.experiment == ExposureTotals(events: 150 * 30, requests: 15_000 * 30))
        #expect(state.encoded.count < 16_000)
        #expect(try SequentialState(decoding: state.encoded) == state)
        // Series without the label, and names that are too long, are there too.
        let odd = [("", 1.0, 100.0), (String(repeating: "x", count: 200), 1, 100), ("/cart", 1, 100)]
        let others = Self.judged(Self.rule(Self.routes), control: odd, experiment: odd).judgement
        #expect(others.metrics[0].sequential?.strata?.count == 2)
        #expect(others.metrics[0].sequential?.experiment == ExposureTotals(events: 90, requests: 9_000))
    }

    @Test("One stratum says what all together do, but for its name")
    func one() throws {
        let control = [("/cart", 9.0, 900.0)]
        let experiment = [("/cart", 3.0, 100.0)]
        let whole = Self.judged(Self.rule(nil), control: control, experiment: experiment, steps: 3).state
        let strata = Self.judged(Self.rule(Self.routes), control: control, experiment: experiment, steps: 3).state
        let expected = whole.evidence(by: Self.rule(nil))
        let evidence = strata.evidence(by: Self.rule(Self.routes))
        #expect(evidence.harmEvidence == expected.harmEvidence && evidence.effect == expected.effect)
        #expect(evidence.safetyEvidence == expected.safetyEvidence && evidence.since == expected.since)
    }

    @Test("Both directions, and a fall alone", arguments: [Direction.either, .decrease])
    func directions(direction: Direction) throws {
        var rule = Self.rule(Self.routes)
        rule.direction = direction
        let fallen = [("/cart", 2.0, 950.0), ("/pay", 1, 50)]
        let judged = Self.judged(rule, control: Self.stable, experiment: fallen).judgement
        #expect(judged.result == .fail && judged.metrics[0].classification == .low)
        #expect(judged.metrics[0].sequential?.strata?.strongest?.name == "/cart")
    }

    @Test("Damaged bytes are an error or another state, and never a trap")
    func damaged() throws {
        let rule = Self.rule(Self.routes)
        let (_, state) = Self.judged(rule, control: Self.stable, experiment: Self.better)
        let bytes = state.encoded
        for index in bytes.indices.suffix(700) {
            for change in [1, 0x7F, 0xFF] as [UInt8] {
                var damaged = bytes
                damaged[index] ^= change
                guard var read = try? SequentialState(decoding: damaged) else { continue }
                let column = MetricIncrement.Column.counts(Self.column(Self.stable))
                read.fold(MetricIncrement(control: column, experiment: column, settled: 1), by: rule)
                _ = read.evidence(by: rule)
                _ = read.encoded
            }
        }
    }
}
