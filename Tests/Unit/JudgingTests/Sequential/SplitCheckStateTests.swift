import Foundation
import Testing

@testable import Judging

@Suite("Split of requests")
struct SplitCheckStateTests {
    static let vectors: [(units: [(Double, Double, Double)], dispersion: Double, evidence: Double?)] = [
        (Array(repeating: (100, 1_000, 0.1), count: 6), 1.7777777778, log(0.0049342138)),
        (Array(repeating: (150, 1_000, 0.1), count: 6), 1.7777791864, 24.2263075116),
        (Array(repeating: (50, 1_000, 0.1), count: 6), 1.7777826411, 38.6928966832),
        (Array(repeating: (108, 1_000, 0.1), count: 6), 1.7777778294, log(0.0174138363)),
        (
            [(10, 1_000, 0.01), (60, 1_000, 0.05), (130, 1_000, 0.1), (300, 1_000, 0.25), (560, 1_000, 0.5)],
            2.1218536996, log(3.0745463865)
        ),
        (Array(repeating: (1, 10, 0.1), count: 4), 2.2857142857, log(0.7565855210)),
        (Array(repeating: (150, 1_000, 0.1), count: 3), 2.6666676544, nil),
        (
            (0..<8).map { ($0.isMultiple(of: 2) ? 80 : 190, 1_000, 0.1) }, 22.0945941818, log(0.8878150827)
        ),
    ]

    @Test(arguments: vectors.indices)
    func agreesWithTheVectors(_ index: Int) throws {
        let (units, dispersion, evidence) = Self.vectors[index]
        var state = try SplitCheckState(tolerance: 0.1)
        for (experiment, requests, declared) in units {
            state.fold(experiment: experiment, of: requests, declared: declared)
        }
        #expect(close(state.dispersionOfShares, dispersion))
        if let evidence {
            // Evidence is printed with ten decimals, not its logarithm.
            #expect(close(try #require(state.logEvidence), evidence, within: evidence < 0 ? 1e-7 : 1e-9))
        } else {
            #expect(state.logEvidence == nil)
        }
    }

    /// Units (requests of the experiment, all, declared share), and after each the dispersion and ln of the evidence.
    struct Sequence: Decodable, Sendable {
        var tolerance: Double
        var units: [[Double]]
        var expected: [[Double?]]
    }

    @Test(arguments: try Resource.lines(of: "sequential-splits", as: Sequence.self))
    func agreesWithTheReference(_ sequence: Sequence) throws {
        var state = try SplitCheckState(tolerance: sequence.tolerance)
        for (unit, expected) in zip(sequence.units, sequence.expected) {
            state.fold(experiment: unit[0], of: unit[1], declared: unit[2])
            #expect(close(state.dispersionOfShares, try #require(expected[0])))
            if let evidence = expected[1] {
                #expect(close(try #require(state.logEvidence), evidence))
            } else {
                #expect(state.logEvidence == nil)
            }
            let stored = state.encoded
            #expect(stored.count < 1_000)
            let again = try SplitCheckState(decoding: stored)
            #expect(again.encoded == stored)
            #expect(again == state)
            state = again
        }
    }

    @Test func saysBothShares() throws {
        var state = try SplitCheckState()
        #expect(state.shares == nil)
        for _ in 0..<6 { state.fold(experiment: 148, of: 1_000, declared: 0.1) }
        #expect(state.isWrong)
        let shares = try #require(state.shares)
        #expect(close(shares.declared, 0.1) && close(shares.seen, 0.148))
    }

    @Test(arguments: [
        (Double.nan, 10, 0.1), (1, .nan, 0.1), (1, 10, .nan), (11, 10, 0.1), (-1, 10, 0.1), (1, .infinity, 0.1),
        (1, 1e16, 0.1), (1, 10, 0), (1, 10, 1), (1, 10, -0.1), (1, 10, 2),
    ])
    func refuses(_ experiment: Double, _ requests: Double, _ declared: Double) throws {
        var state = try SplitCheckState()
        state.fold(experiment: experiment, of: requests, declared: declared)
        #expect(state.refused == 1 && state.folded == 0)
    }

    @Test(arguments: [0, -1, Double.nan, .infinity, 31, 100])
    func aToleranceIsChecked(_ tolerance: Double) {
        #expect(throws: SequentialRuleError.self) { try SplitCheckState(tolerance: tolerance) }
    }
}
