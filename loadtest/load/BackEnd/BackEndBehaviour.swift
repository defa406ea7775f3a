import LoadRig
import SeededRandom

/// How the synthetic back end behaves beside answering.
struct BackEndBehaviour: Sendable, Equatable {
    /// Milliseconds in the middle; single answers take from half to one and a half times as long.
    var latency: Int64 = 0
    /// The share of requests that are answered with 503.
    var errors: Double = 0

    /// What becomes of the request of that number.
    func fate(of request: UInt64, seed: UInt64) -> (delay: Int64, fails: Bool) {
        var random = SeededGenerator(seed: SeededGenerator.mix(seed ^ 0xBACC) &+ request)
        let spread = 0.5 + random.fraction()
        return (Int64((Double(latency) * spread).rounded()), random.fraction() < errors)
    }
}
