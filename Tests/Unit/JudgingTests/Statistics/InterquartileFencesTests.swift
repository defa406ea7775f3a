import Testing

@testable import Judging

@Suite struct InterquartileFencesTests {
    @Test func widensToTheOuterPercentiles() {
        // p25 = p75 = 1, so the plain fences would exclude everything but 1.
        let fences = InterquartileFences(ofSorted: NumberBuffer([1, 1, 1, 1, 1, 1, 1, 1, 1, 2]), factor: 3)
        #expect(fences.lower == 1)
        #expect(same(fences.upper, 1.91))
        #expect(fences.contains(1))
        #expect(!fences.contains(2))
    }

    @Test func keepsPointsOnTheFence() {
        let fences = InterquartileFences(ofSorted: NumberBuffer([0, 1, 2, 3, 4]), factor: 1.5)
        #expect((fences.lower, fences.upper) == (-2, 6))
        #expect(fences.contains(-2) && fences.contains(6))
        #expect(!fences.contains(6.000001) && !fences.contains(-2.000001))
    }

    @Test(arguments: [[], [.infinity, -.infinity, 1], [.infinity, .infinity]] as [[Double]])
    func excludesNothingWhereTheFencesAreUndefined(values: [Double]) {
        let fences = InterquartileFences(ofSorted: NumberBuffer(values.sorted()), factor: 3)
        #expect(values.allSatisfy(fences.contains))
        #expect(fences.contains(1e308))
    }
}
