import Glibc
import SeededRandom
import Testing

@testable import Judging

@Suite("When harm began")
struct OnsetSearchTests {
    /// Many rare events: close to Poisson.
    private static func count(_ mean: Double, _ generator: inout SeededGenerator) -> Double {
        var product = 1.0
        var count = -1.0
        let limit = exp(-mean)
        repeat {
            product *= Double(generator.next() >> 11) * 0x1p-53
            count += 1
        } while product > limit
        return count
    }

    /// Counts of 200 requests of the experiment and 1,800 of the control, of which one in a hundred fails.
    private static func unit(_ ratio: Double, _ generator: inout SeededGenerator) -> CountsUnit {
        CountsUnit(
            experimentEvents: count(2 * ratio, &generator),
            controlEvents: count(18, &generator),
            experimentExposure: 200,
            controlExposure: 1_800
        )
    }

    /// The best of all units, from the sums themselves.
    private static func best(_ units: [CountsUnit], above bound: Double) -> Int? {
        var best: (unit: Int, likelihood: Double)?
        for first in units.indices {
            var seen = 0.0
            var usual = 0.5
            for unit in units[first...] {
                let share = unit.share ?? 0
                seen += unit.experimentEvents * (1 - share)
                usual += unit.controlEvents * share
            }
            usual *= bound
            guard seen > usual else { continue }
            let likelihood = seen * log(seen / usual) - (seen - usual)
            if likelihood > best?.likelihood ?? 0 { best = (first, likelihood) }
        }
        return best?.unit
    }

    @Test("The few that are kept give what a search over all units gives")
    func exact() {
        var generator = SeededGenerator(seed: 1)
        var largest = 0
        for run in 0..<200 {
            var search = OnsetSearch()
            var units: [CountsUnit] = []
            for index in 0..<60 {
                let unit = Self.unit(index < run % 60 ? 1 : 3, &generator)
                units.append(unit)
                search.add([unit], unit: index)
                guard index % 7 == 0 || index == 59 else { continue }
                #expect(search.onset(above: 1.02) == Self.best(units, above: 1.02), "run \(run), unit \(index)")
            }
            largest = max(largest, search.candidates.count)
        }
        #expect(largest < 20)
    }

    /// Looks between the true beginning and the one that is said, when harm is shown: sorted.
    static func errors(ratio: Double, from: Int, seeds: Int) -> [Int] {
        (0..<seeds).compactMap { seed in
            var generator = SeededGenerator(seed: UInt64(seed) * 7919 + UInt64(from))
            var rule = SharedFateTests.rule()
            rule.stepsPerUnit = 1
            rule.plannedSteps = 60
            func column(_ units: [CountsUnit], _ side: (CountsUnit) -> (Double, Double)) -> MetricIncrement.Column {
                .counts(events: units.map { side($0).0 }, requests: units.map { side($0).1 })
            }
            let past = (0..<120).map { _ in unit(1, &generator) }
            let history = column(past) { ($0.controlEvents, $0.controlExposure) }
            var pair = MetricPair(name: "e", control: [1], experiment: [1], settings: MetricSettings(sequential: rule))
            pair.state = SequentialState(rule, history: MetricHistory(control: history))
            for look in 0..<60 {
                let unit = [unit(look < from ? 1 : ratio, &generator)]
                pair.increment = MetricIncrement(
                    control: column(unit) { ($0.controlEvents, $0.controlExposure) },
                    experiment: column(unit) { ($0.experimentEvents, $0.experimentExposure) },
                    settled: 1
                )
                SequentialJudge().fold(&pair)
                let judgement = SequentialJudge().judge([pair], by: ScoringRules())
                guard judgement.result == .fail else { continue }
                return judgement.metrics[0].sequential?.since.map { abs($0 - from) }
            }
            return nil
        }.sorted()
    }

    @Test("Most dates lie within two looks of the beginning", arguments: [(2, 0), (2, 20), (3, 20), (5, 40)])
    func near(ratio: Double, from: Int) {
        let errors = Self.errors(ratio: ratio, from: from, seeds: 30)
        #expect(errors.count >= 25)
        #expect(errors[errors.count / 2] <= 2, "\(errors)")
    }

    @Test("Gaps, zeros and long analyses stay bounded and come back from their bytes")
    func bounded() throws {
        var search = OnsetSearch()
        // Each unit has more events than its predecessor: every one of them is a corner.
        for index in 0..<500 {
            search.add(
                [CountsStateTests.unit([Double(index), 10, 100, 100])],
                unit: index * 2
            )
        }
        #expect(search.candidates.count == OnsetSearch.largestCount)
        search.add([CountsStateTests.unit([1, 1, 0, 10])], unit: 1_000)
        search.add([CountsStateTests.unit([.nan, 1, 10, 10])], unit: 1_001)
        search.add([], unit: 1_002)
        #expect(OnsetSearch().onset(above: 1) == nil)
        var writer = StateWriter(.trail, room: 100)
        search.write(to: &writer)
        var reader = try StateReader(writer.bytes, .trail)
        #expect(try OnsetSearch(from: &reader, upTo: 2_000) == search)
        var short = try StateReader(writer.bytes, .trail)
        #expect(throws: SequentialStateError.self) { try OnsetSearch(from: &short, upTo: 100) }
    }
}
