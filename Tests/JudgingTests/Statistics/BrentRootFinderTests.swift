import Testing

@testable import Judging

@Suite struct BrentRootFinderTests {
    @Test(arguments: [(-1.0, 4.0), (0.3, 2.0), (1.9, 2.5)])
    func findsTheRootWithinTheTolerance(lower: Double, upper: Double) {
        let cubic: (Double) -> Double = { $0 * $0 * $0 - 7 }
        let root = BrentRootFinder.root(
            from: lower,
            to: upper,
            valueAtLower: cubic(lower),
            valueAtUpper: cubic(upper),
            of: cubic
        )
        #expect((root - 1.9129311827723892).magnitude < 1e-4)
    }

    @Test func takesAnEndThatIsARoot() {
        let line: (Double) -> Double = { $0 }
        #expect(BrentRootFinder.root(from: 0, to: 3, valueAtLower: 0, valueAtUpper: 3, of: line) == 0)
        #expect(BrentRootFinder.root(from: -3, to: 0, valueAtLower: -3, valueAtUpper: 0, of: line) == 0)
    }

    @Test func endsOnAnInfiniteInterval() {
        let step: (Double) -> Double = { $0 > 0 ? -1 : 1 }
        let root = BrentRootFinder.root(from: -.infinity, to: .infinity, valueAtLower: 1, valueAtUpper: -1, of: step)
        #expect(root.isInfinite || root.isNaN)
    }

    @Test func handsErrorsOn() {
        struct Broken: Error {}
        #expect(throws: Broken.self) {
            try BrentRootFinder.root(from: 0, to: 1, valueAtLower: -1, valueAtUpper: 1) {
                (_: Double) throws(Broken) -> Double in throw Broken()
            }
        }
    }
}
