/// Where one side of a metric has samples, instant by instant, and where it has none.
package struct SampleCoverage: Sendable, Equatable {
    /// Instants so far.
    package private(set) var expected = 0
    package private(set) var present = 0
    /// Instants without a sample after the last one that has one; all of them when none has.
    package private(set) var missingAtEnd = 0
    /// The most instants in a row without a sample between two that have one.
    package private(set) var longestGap = 0

    package init() {}

    init(expected: Int, present: Int, missingAtEnd: Int, longestGap: Int) {
        self.expected = expected
        self.present = present
        self.missingAtEnd = missingAtEnd
        self.longestGap = longestGap
    }

    /// One value per instant; NaN where there is none.
    package init(_ values: [Double]) {
        for value in values { add(value) }
    }

    /// Takes in the instant that follows; NaN where it has no sample.
    package mutating func add(_ value: Double) {
        expected += 1
        guard !value.isNaN else {
            missingAtEnd += 1
            return
        }
        // What is missing before the first sample had not begun yet.
        if present > 0 { longestGap = max(longestGap, missingAtEnd) }
        present += 1
        missingAtEnd = 0
    }

    package var missing: Int { expected - present }

    /// The side had samples and has none any more: what is missing at the end is longer than each gap before, and is at
    /// least the `newest` samples.
    ///
    /// A side with little traffic has gaps all the time; one more of them is no end.
    package func hasEnded(newest: Int) -> Bool {
        present > 0 && missingAtEnd >= max(newest, longestGap + 1)
    }

    /// The same for samples that may be missing, such as those of errors: only what had no gap before has ended.
    package func hasEndedWithoutGaps(newest: Int) -> Bool {
        hasEnded(newest: newest) && longestGap < newest
    }

    /// Whether one of the newest samples is there.
    package func reachesEnd(newest: Int) -> Bool { present > 0 && missingAtEnd < newest }
}
