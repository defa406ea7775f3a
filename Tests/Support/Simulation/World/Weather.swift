/// What is wrong with the world at a moment.
package struct Weather: Sendable {
    package enum MetricsTrouble: Sendable, CaseIterable {
        case unreachable
        case overloaded
        case partial
        case slow
    }

    /// Of one call: to fail without effect, to lose its answer, to be slow, and to be the moment of its caller's death.
    package var failure = 0.0
    package var lostAnswer = 0.0
    package var slowness = 0.0
    package var death = 0.0
    package var latency: ClosedRange<Duration> = .milliseconds(1)...(.milliseconds(20))
    package var slowLatency: ClosedRange<Duration> = .milliseconds(20)...(.milliseconds(3000))
    /// How long a caller waits for a peer that does not answer.
    package var patience: Duration = .seconds(2)
    package var down: Set<Peer> = []
    /// Peers that a process cannot reach, by the node's name.
    package var cuts: [String: Set<Peer>] = [:]
    package var metricsTrouble: MetricsTrouble?
    /// The store takes no more writes.
    package var isStoreFull = false

    package init() {}

    /// From now on nothing goes wrong any more, but what takes time still does.
    package mutating func clear() {
        (failure, lostAnswer, slowness, death) = (0, 0, 0, 0)
        down = []
        cuts = [:]
        metricsTrouble = nil
        isStoreFull = false
    }

    func isCut(_ node: String, from peer: Peer) -> Bool {
        down.contains(peer) || cuts[node]?.contains(peer) == true
    }
}
