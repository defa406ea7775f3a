import Testing

@testable import Judging

@Suite("Counts compared within strata")
struct CountsByStrataTests {
    /// Equal rates in each stratum; the experiment has more of the traffic that fails more often.
    private static let simpson = [[9, 90, 900, 9_000], [15, 50, 300, 1_000]].map(CountsStateTests.unit)

    /// Both: the whole, and each stratum within itself.
    private static func fold(_ strata: [CountsUnit], into states: inout (whole: CountsState, strata: CountsState)) {
        states.whole.fold(strata.dropFirst().reduce(strata[0], +))
        states.strata.fold(strata: strata)
    }

    private static func states(units: Int) throws -> (whole: CountsState, strata: CountsState) {
        let rule = try CountsRule(plannedUnits: units)
        return (CountsState(rule), CountsState(rule))
    }

    @Test func aShiftOfTheMixIsNoHarm() throws {
        var states = try Self.states(units: 1_000_000)
        for unit in 1...10 {
            Self.fold(Self.simpson, into: &states)
            if unit == 1 || unit == 10 {
                let whole = unit == 1 ? -0.23558911320872067 : 8.298813962453654
                let strata = unit == 1 ? -2.607830693568891 : -4.638361293491983
                #expect(close(states.whole.engine.logFail(), whole))
                #expect(close(states.strata.engine.logFail(), strata))
                #expect(close(states.whole.engine.logFail(dispersion: 2), unit == 1 ? -0.4586945903 : 3.2794891472))
            }
        }
        #expect(states.whole.evidence(noise: .none).logFail > 3 && states.strata.evidence(noise: .none).logFail < 0)
        #expect(states.strata.totals == states.whole.totals)
    }

    @Test func harmInsideTheStrataIsHarm() throws {
        var states = try Self.states(units: 60)
        for _ in 0..<10 {
            Self.fold([[18, 90, 900, 9_000], [30, 50, 300, 1_000]].map(CountsStateTests.unit), into: &states)
        }
        #expect(states.strata.evidence(noise: .none).logFail > 3)
    }

    /// One stratum is the whole: the same bits.
    @Test func oneStratumIsTheWhole() throws {
        var states = try Self.states(units: 8)
        for unit in 0..<12 {
            Self.fold([CountsStateTests.unit([Double(unit * 5 % 7), 20, 200, 1_800])], into: &states)
            #expect(states.whole.encoded == states.strata.encoded)
        }
    }

    @Test func strataWithoutExposureSayNothing() throws {
        var state = try Self.states(units: 60).strata
        state.fold(strata: [[3, 0, 10, 0], [4, 40, 100, 1_000]].map(CountsStateTests.unit))
        #expect(state.engine.tallies[0].total == 44)
        // Each side in strata of its own: nothing can be compared.
        state.fold(strata: [[3, 0, 10, 0], [0, 4, 0, 10]].map(CountsStateTests.unit))
        #expect(state.oneSided == 1)
        state.fold(strata: [[.nan, 0, 10, 10]].map(CountsStateTests.unit))
        #expect(state.oneSided == 1 && state.refused == 1)
        state.fold(strata: [[1, 1, 10, 10], [1e300, 0, 10, 10]].map(CountsStateTests.unit))
        #expect(state.refused == 2 && state.units == 4)
    }
}
