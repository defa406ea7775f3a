/// One run of the votes of a gauge: whether more than half of its steps are worse, and whether its far steps are.
///
/// Given the past, each step is as likely worse as not where nothing differs, whatever the distribution, its tails and
/// its variance: the sign test, sequentially. The far steps show spikes that no median sees; they need a distribution that
/// is symmetric.
struct GaugeRun: Sendable, Equatable {
    var median = VoteEngine()
    var dispersion = VoteDispersion()
    var tail = VoteEngine()
    var steps = 0
    var stepsBeyondGate = 0
    /// The sum of the distances from the null bound.
    var distances = 0.0

    /// A step is far beyond this many mean distances, from the 11th step on.
    private static let farDistances = 3.0
    private static let firstFarStep = 10

    private static let logMedianWeight = Elementary.log(0.8)
    private static let logTailWeight = Elementary.log(0.2)

    mutating func add(_ vote: GaugeVote) {
        median.add(vote.isWorse)
        dispersion.add(vote.isWorse)
        let distance = vote.excess.magnitude
        if steps >= Self.firstFarStep, distance > Self.farDistances * distances / Double(steps) {
            tail.add(vote.isWorse)
        }
        distances += distance
        steps += 1
        if vote.isBeyondGate { stepsBeyondGate += 1 }
    }

    /// ln of the evidence for harm: 4/5 of what the median says, 1/5 of what the far steps say. The median speaks for harm
    /// only while more than half of the steps are beyond the gate.
    func logFail(floor: Double) -> Double {
        guard steps > 0 else { return 0 }
        var middle = median.logFor(dispersion: dispersion.dispersion(floor: floor))
        if 2 * stepsBeyondGate <= steps { middle = min(middle, 0) }
        let far = tail.logFor(dispersion: (20 + tail.count) / (10 + tail.count))
        return LogSum.of(2) { $0 == 0 ? Self.logMedianWeight + middle : Self.logTailWeight + far }
    }
}
