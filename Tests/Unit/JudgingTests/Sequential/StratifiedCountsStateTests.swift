import Testing

@testable import Judging

@Suite("Counts by strata")
struct StratifiedCountsStateTests {
    /// Equal rates in each stratum; the experiment has more of the traffic that fails more often.
    static let simpson = [[9, 90, 900, 9_000], [15, 50, 300, 1_000]].map(CountsStateTests.unit)

    @Test func aShiftOfTheMixIsNoHarm() throws {
        let rule = try CountsRule(plannedUnits: 1_000_000)
        var state = StratifiedCountsState(rule)
        for unit in 1...10 {
            state.fold(Self.simpson)
            if unit == 1 || unit == 10 {
                let pooled = unit == 1 ? -0.23558911320872067 : 8.298813962453654
                let stratified = unit == 1 ? -2.607830693568891 : -4.638361293491983
                #expect(close(state.pooled.engine.logFail(), pooled))
                #expect(close(state.stratified.engine.logFail(), stratified))
                #expect(close(state.pooled.engine.logFail(dispersion: 2), unit == 1 ? -0.4586945903 : 3.2794891472))
            }
        }
        #expect(state.isMixShift(noise: .none))
        #expect(state.stratified.totals == state.pooled.totals)
        let again = try StratifiedCountsState(decoding: state.encoded)
        #expect(again == state && again.encoded == state.encoded)
        #expect(state.encoded.count < 7_700)
    }

    @Test func harmInsideTheStrataIsHarm() throws {
        var state = StratifiedCountsState(try CountsRule(plannedUnits: 60))
        for _ in 0..<10 {
            state.fold([[18, 90, 900, 9_000], [30, 50, 300, 1_000]].map(CountsStateTests.unit))
        }
        #expect(state.stratified.evidence(noise: .none).logFail > 3)
        #expect(!state.isMixShift(noise: .none))
    }

    /// One stratum is the whole: the same bits.
    @Test func oneStratumIsTheWhole() throws {
        var state = StratifiedCountsState(try CountsRule(plannedUnits: 8))
        for unit in 0..<12 {
            state.fold([CountsStateTests.unit([Double(unit * 5 % 7), 20, 200, 1_800])])
            #expect(state.pooled.encoded == state.stratified.encoded)
        }
    }

    @Test func strataWithoutExposureSayNothing() throws {
        var state = StratifiedCountsState(try CountsRule(plannedUnits: 60))
        state.fold([[3, 0, 10, 0], [4, 40, 100, 1_000]].map(CountsStateTests.unit))
        #expect(state.stratified.engine.tallies[0].total == 44)
        // Each side in strata of its own: nothing can be compared.
        state.fold([[3, 0, 10, 0], [0, 4, 0, 10]].map(CountsStateTests.unit))
        #expect(state.stratified.oneSided == 1)
        state.fold([])
        state.fold([[.nan, 0, 10, 10]].map(CountsStateTests.unit))
        #expect(state.stratified.oneSided == 2 && state.stratified.refused == 1)
        state.fold([[1, 1, 10, 10], [1e300, 0, 10, 10]].map(CountsStateTests.unit))
        #expect(state.stratified.refused == 2 && state.pooled.refused == 2)
        #expect(state.pooled.units == state.stratified.units)
    }
}
