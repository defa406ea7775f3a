import Testing

@testable import Demo

@Suite("Even shares")
struct EvenShareTests {
    @Test(
        "After any number of calls the count is within 1 of its share",
        arguments: [0.0, 0.08, 0.2, 0.25, 0.333, 0.5, 1.0]
    )
    func staysWithinOne(share: Double) {
        var even = EvenShare()
        var count = 0
        for calls in 1...1000 {
            if even.next(share: share) { count += 1 }
            #expect(abs(Double(count) - share * Double(calls)) < 1 + 1e-6)
        }
    }

    @Test("A share outside 0 to 1 counts as the nearest one")
    func clamps() {
        var even = EvenShare()
        for _ in 0..<10 {
            let never = even.next(share: -1)
            #expect(!never)
        }
        for _ in 0..<10 {
            let always = even.next(share: 7)
            #expect(always)
        }
    }

    @Test("Spread numbers fill 0 to 1 evenly")
    func spread() {
        var spread = EvenSpread()
        var tenths = [Int](repeating: 0, count: 10)
        for _ in 0..<1000 { tenths[Int(spread.next() * 10)] += 1 }
        #expect(tenths.allSatisfy { (95...105).contains($0) })
    }
}
