import Judging

extension FuzzTarget {
    /// States of the sequential judge as they are kept in the store: what is read is written again the same, and goes
    /// on and is asked without a number that is none.
    static let sequentialState = FuzzTarget("sequential-state", maximumBytes: 4096) { bytes in
        try SequentialStateProperties.checkCounts(bytes)
        try SequentialStateProperties.checkGauge(bytes)
        try SequentialStateProperties.checkLatency(bytes)
        try SequentialStateProperties.checkPast(bytes)
        try SequentialStateProperties.checkSplit(bytes)
        try SequentialStateProperties.checkTrail(bytes)
    }
}

enum SequentialStateProperties {
    static func checkCounts(_ bytes: [UInt8]) throws {
        guard var state = try? CountsState(decoding: bytes) else { return }
        try require(state.encoded == bytes, "counts change when they are kept")
        for _ in 0..<2 {
            state.fold(unit)
            state.fold(strata: [unit, unit])
            state.skip()
        }
        try check(state.evidence(noise: .assumed))
        _ = state.encoded
    }

    static func checkGauge(_ bytes: [UInt8]) throws {
        guard var state = try? GaugeState(decoding: bytes) else { return }
        try require(state.encoded == bytes, "a gauge changes when it is kept")
        for value in [90.0, 150, 0] { state.fold(GaugeStep(control: 100, experiment: value)) }
        try check(state.evidence())
        _ = state.encoded
    }

    static func checkLatency(_ bytes: [UInt8]) throws {
        guard var state = try? LatencyState(decoding: bytes) else { return }
        // States of earlier versions may hold more than is used.
        let kept = try LatencyState(decoding: state.encoded)
        try require(kept == state, "latencies change when they are kept")
        for _ in 0..<3 { state.fold(experiment: histogram, control: histogram) }
        let evidence = state.evidence()
        try require(!evidence.logFail.isNaN && !evidence.logPass.isNaN, "evidence is no number")
        for bound in evidence.bounds { try check(bound.evidence) }
    }

    static func checkPast(_ bytes: [UInt8]) throws {
        guard var state = try? BeforeAfterState(decoding: bytes) else { return }
        try require(state.encoded == bytes, "a past changes when it is kept")
        for value in [1.0, 100] { state.fold(value) }
        _ = state.encoded
    }

    static func checkSplit(_ bytes: [UInt8]) throws {
        guard var state = try? SplitCheckState(decoding: bytes) else { return }
        try require(state.encoded == bytes, "a split changes when it is kept")
        for _ in 0..<4 { state.fold(experiment: 100, of: 1_000, declared: 0.1) }
        try require(state.logEvidence.map { !$0.isNaN } ?? false, "evidence is no number")
    }

    static func checkTrail(_ bytes: [UInt8]) throws {
        guard let trail = try? EvidenceTrail(decoding: bytes) else { return }
        try require(trail.encoded == bytes, "a trail changes when it is kept")
        if let needed = trail.requestsUntil(logFail: 3) {
            try require(needed >= 0 && needed.isFinite, "what is needed is no number")
        }
    }

    private static func check(_ evidence: StateEvidence) throws {
        try require(!evidence.logFail.isNaN && !evidence.logPass.isNaN, "evidence is no number")
        try require(evidence.dispersion >= 1, "a dispersion is below 1")
    }

    private static let unit = CountsUnit(
        experimentEvents: 3,
        controlEvents: 20,
        experimentExposure: 200,
        controlExposure: 1_800
    )
    private static let histogram = HistogramCounts(bounds: [0.1, 0.5, .infinity], cumulative: [50, 90, 100])
}
