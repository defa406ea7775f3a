import Glibc
import SeededRandom
import Testing

@testable import Judging

@Suite("A rate that is no harm")
struct AbsoluteSafetyTests {
    private static func evidence(_ events: Double, _ requests: Double, _ tolerable: Double = 0.01) -> Double {
        AbsoluteSafety.logEvidence(events: events, requests: requests, tolerable: tolerable, dispersion: 1)
    }

    @Test("Requests without events rule the rate out, and events speak against that")
    func direction() {
        #expect(Self.evidence(0, 300) < log(20.0))
        #expect(Self.evidence(0, 600) > log(20.0))
        #expect(Self.evidence(6, 600) < 0)
        #expect(Self.evidence(1, 600) < Self.evidence(0, 600))
        #expect(
            AbsoluteSafety.logEvidence(events: 0, requests: 600, tolerable: 0.01, dispersion: 2) < Self.evidence(0, 600)
        )
    }

    @Test("What counts nothing says nothing", arguments: [(0.0, 0.0), (-1, 5), (6, 5), (.nan, 5), (0, .nan)])
    func nothing(events: Double, requests: Double) {
        #expect(Self.evidence(events, requests) == 0)
    }

    /// The mean of exp(evidence) at a fixed time: at most 1 for a rate that is not below the tolerable one.
    @Test("Under a tolerable rate, or a higher one, its expectation is at most 1", arguments: [0.01, 0.011, 0.02])
    func expectation(rate: Double) {
        for requests in [10, 100, 1000] {
            var probability = pow(1 - rate, Double(requests))
            var expectation = 0.0
            for events in 0...requests {
                expectation += probability * exp(Self.evidence(Double(events), Double(requests)))
                probability *= Double(requests - events) / Double(events + 1) * rate / (1 - rate)
            }
            #expect(expectation <= 1 + 1e-9, "\(requests)")
        }
    }

    @Test("Looked at after every request, a harmful rate is passed in at most 5 of 100 analyses")
    func anytime() {
        var generator = SeededGenerator(seed: 11)
        var passed = 0
        for _ in 0..<400 {
            var events = 0.0
            for request in 1...1500 {
                if generator.next() % 10_000 < 100 { events += 1 }
                if Self.evidence(events, Double(request)) >= log(20.0) {
                    passed += 1
                    break
                }
            }
        }
        #expect(passed <= 20 + 9)
    }
}
