import Glibc
import SeededRandom

@testable import Judging

/// Simulated pods of both sides, looked at by the judge: their rates differ by a lasting factor.
struct PodWorld {
    var control = 5
    var experiment = 5
    /// Events of a pod and look.
    var events = 10.0
    /// The standard deviation of the logarithm of the pods' rates.
    var spread = 0.0
    /// What the new version does to all of its pods, and to the first.
    var factor = 1.0
    var bad = 1.0
    /// Every so many looks a pod of each side is replaced; 0 for never.
    var replacement = 0
    var looks = 30
    /// Looks before the release.
    var history = 60
    var rule: PodRule? = PodRule()

    static let badPod = "new-bad"

    struct Outcome {
        var failed = false
        var passed = false
        var last: SequentialEvidence
        /// The pods that were named first.
        var named: [String] = []
    }

    private struct Pod {
        var name: String
        var rate: Double
    }

    var sequentialRule: SequentialRule {
        SequentialRule(
            measure: .counts,
            direction: .increase,
            margin: CountsRule.errorRatios.fail,
            harm: CountsRule.errorRatios.pass,
            gate: 1.1,
            plannedSteps: looks,
            stepsPerLook: 1,
            breakdown: rule.map { .pods($0) }
        )
    }

    func run(seed: UInt64) -> Outcome {
        var random = SeededGenerator(seed: seed)
        var number = 0
        func pod(_ side: String) -> Pod {
            number += 1
            return Pod(name: "\(side)-\(number)", rate: exp(spread * Self.normal(&random) - spread * spread / 2))
        }
        var controls = (0..<control).map { _ in pod("old") }
        var experiments = (0..<experiment).map { _ in pod("new") }
        for index in experiments.indices { experiments[index].rate *= factor }
        if bad != 1 { experiments[0] = Pod(name: Self.badPod, rate: experiments[0].rate * bad) }
        let past = Self.column((0..<history).map { _ in controls }, events, &random)
        let rule = sequentialRule
        var state = SequentialState(rule, history: MetricHistory(control: history > 0 ? .counts(past) : nil))
        var outcome = Outcome(last: state.evidence(by: rule))
        for look in 1...looks {
            if replacement > 0, look.isMultiple(of: replacement) {
                controls[random.index(below: control)] = pod("old")
                let index = random.index(below: experiment)
                if experiments[index].name != Self.badPod { experiments[index] = pod("new") }
            }
            let before = Self.column([controls], events, &random)
            let after = Self.column([experiments], events, &random)
            state.fold(
                MetricIncrement(control: .counts(before), experiment: .counts(after), settled: 1),
                by: rule
            )
            let evidence = state.evidence(by: rule)
            outcome.last = evidence
            if outcome.named.isEmpty { outcome.named = evidence.pods?.outliers.map(\.pod) ?? [] }
            if evidence.harmEvidence >= evidence.harmThreshold { outcome.failed = true }
            if evidence.safetyEvidence >= evidence.safetyThreshold, evidence.pods?.treatment != .held {
                outcome.passed = outcome.passed || !outcome.failed
            }
        }
        return outcome
    }

    func outcomes(_ count: Int) -> [Outcome] { (0..<count).map { run(seed: UInt64($0) + 1) } }

    private static func column(_ steps: [[Pod]], _ events: Double, _ random: inout SeededGenerator) -> CountColumn {
        var counted: [String: [Double]] = [:]
        let none = [Double](repeating: .nan, count: steps.count)
        for (step, pods) in steps.enumerated() {
            for pod in pods { counted[pod.name, default: none][step] = poisson(events * pod.rate, &random) }
        }
        return CountColumn(
            events: counted.map { (name: $0.key, values: $0.value) },
            requests: counted.map { (name: $0.key, values: $0.value.map { $0.isNaN ? .nan : events * 100 }) },
            count: steps.count
        )
    }

    private static func normal(_ random: inout SeededGenerator) -> Double {
        (-2 * log(1 - random.fraction())).squareRoot() * cos(2 * .pi * random.fraction())
    }

    /// By waiting times (D. E. Knuth, "The Art of Computer Programming", 3.4.1); for small means.
    private static func poisson(_ mean: Double, _ random: inout SeededGenerator) -> Double {
        var count = -1.0
        var product = 1.0
        let limit = exp(-mean)
        repeat {
            count += 1
            product *= random.fraction()
        } while product > limit
        return count
    }
}
