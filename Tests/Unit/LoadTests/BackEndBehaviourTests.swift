import Testing

@testable import load

@Suite struct BackEndBehaviourTests {
    @Test func `latency is spread around its middle, and errors have their share`() {
        let behaviour = BackEndBehaviour(latency: 200, errors: 0.05)
        let fates = (0..<10_000).map { behaviour.fate(of: $0, seed: 7) }
        #expect(fates.allSatisfy { (100...300).contains($0.delay) })
        #expect((190...210).contains(fates.reduce(0) { $0 + $1.delay } / 10_000))
        #expect((400...600).contains(fates.count { $0.fails }))
    }

    @Test func `without latency and errors nothing happens`() {
        #expect((0..<100).allSatisfy { BackEndBehaviour().fate(of: $0, seed: 1) == (0, false) })
    }
}
