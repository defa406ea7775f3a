package import Judging

/// Looks of the judge `sequential` at one metric, one after another, each from stored bytes to stored bytes: the state is
/// read, one step is folded in, the metric is judged, and the state is written.
package final class SequentialLooks {
    /// Looks that follow each other; each brings one step.
    package static let number = 16

    /// The same samples as whole windows, for a judge without a state: what it sees at the last look.
    package let wholeWindow: MetricPair
    private let settings: MetricSettings
    private let increments: [MetricIncrement]
    private let bytes: [UInt8]
    private let rules = ScoringRules()
    private var workspace = JudgingWorkspace()

    /// - Parameter age: steps that have been folded in before.
    package init(_ kind: LookKind, age: Int) {
        var numbers = RandomNumbers(seed: 7)
        let planned = max(60, 2 * age)
        let rule = SequentialRule(
            measure: kind.measure,
            direction: .increase,
            margin: 1.25,
            harm: 1.5,
            gate: 1.25,
            tolerableRate: kind == .counts ? 0.001 : 0,
            plannedSteps: planned,
            stepsPerLook: 1,
            minimumRequests: 50
        )
        var settings = MetricSettings(direction: .increase)
        settings.sequential = rule
        self.settings = settings
        var history = MetricHistory()
        if kind == .past {
            history.windows = [numbers.normals(planned, mean: 100, deviation: 10)]
            for _ in 0..<8 { history.windows.append(numbers.normals(2 * planned, mean: 100, deviation: 10)) }
        } else {
            history.control = kind.column(120, &numbers)
        }
        // One step more than is settled: the newest is asked for again.
        let count = age + Self.number + 1
        let control = kind == .past ? nil : kind.column(count, &numbers)
        let experiment = kind.column(count, &numbers)
        increments = (0..<Self.number).map { look in
            MetricIncrement(
                control: control?.steps(age + look..<age + look + 2),
                experiment: experiment.steps(age + look..<age + look + 2),
                settled: 1,
                controlBefore: control?.steps(age + look - 4..<age + look).shown ?? [],
                experimentBefore: experiment.steps(age + look - 4..<age + look).shown
            )
        }
        wholeWindow = MetricPair(
            name: "metric",
            groups: ["group"],
            control: control?.shown ?? history.windows[0],
            experiment: experiment.shown
        )
        var pair = MetricPair(
            name: "metric",
            groups: ["group"],
            control: [],
            experiment: [],
            settings: settings,
            increment: MetricIncrement(
                control: control?.steps(0..<age),
                experiment: experiment.steps(0..<age),
                settled: age
            ),
            state: SequentialState(rule, history: history)
        )
        SequentialJudge().fold(&pair)
        bytes = pair.state?.encoded ?? []
    }

    /// Takes all looks; the state after the last.
    @discardableResult
    package func take(_ take: (Judgement) -> Void) throws -> [UInt8] {
        let judge = SequentialJudge()
        var bytes = bytes
        for increment in increments {
            var pairs = [
                MetricPair(
                    name: "metric",
                    groups: ["group"],
                    control: [],
                    experiment: [],
                    settings: settings,
                    increment: increment,
                    state: try SequentialState(decoding: bytes)
                )
            ]
            judge.fold(&pairs[0])
            take(judge.judge(pairs, by: rules, in: &workspace))
            bytes = pairs[0].state?.encoded ?? []
        }
        return bytes
    }
}

extension MetricIncrement.Column {
    fileprivate func steps(_ range: Range<Int>) -> MetricIncrement.Column { mapSeries { Array($0[range]) } }
}
