import Testing

@testable import Judging

@Suite struct BrentRootFinderTests {
    private static func root(from lower: Double, to upper: Double, of function: (Double) -> Double) -> (
        Double, steps: Int
    ) {
        var finder = BrentRootFinder(
            from: lower,
            to: upper,
            valueAtLower: function(lower),
            valueAtUpper: function(upper)
        )
        var steps = 0
        while let position = finder.next() {
            finder.record(function(position), at: position)
            steps += 1
        }
        return (finder.root, steps)
    }

    @Test(arguments: [(-1.0, 4.0), (0.3, 2.0), (1.9, 2.5)])
    func findsTheRootWithinTheTolerance(lower: Double, upper: Double) {
        let cubic: (Double) -> Double = { $0 * $0 * $0 - 7 }
        let (root, _) = Self.root(from: lower, to: upper, of: cubic)
        #expect((root - 1.9129311827723892).magnitude < 1e-4)
    }

    @Test func takesAnEndThatIsARoot() {
        let line: (Double) -> Double = { $0 }
        #expect(Self.root(from: 0, to: 3, of: line) == (0, 0))
        #expect(Self.root(from: -3, to: 0, of: line) == (0, 0))
    }

    @Test func endsOnAnInfiniteInterval() {
        let (root, steps) = Self.root(from: -.infinity, to: .infinity) { $0 > 0 ? -1 : 1 }
        #expect(root.isInfinite || root.isNaN)
        // A state that repeats itself is not carried through all 1,001 rounds.
        #expect(steps < 100)
    }
}
