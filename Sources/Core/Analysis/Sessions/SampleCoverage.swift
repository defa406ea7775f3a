/// Where one side of a metric has samples in a look's window, and where it has none.
package struct SampleCoverage: Sendable, Equatable {
    /// Instants of the window.
    package let expected: Int
    package let present: Int
    /// Instants without a sample after the last one that has one; all of them when none has.
    package let missingAtEnd: Int
    /// The most instants in a row without a sample between two that have one.
    package let longestGap: Int

    /// One value per instant; NaN where there is none.
    package init(_ values: [Double]) {
        var present = 0
        var longestGap = 0
        var gap = 0
        for value in values {
            if value.isNaN {
                gap += 1
            } else {
                // What is missing before the first sample had not begun yet.
                if present > 0 { longestGap = max(longestGap, gap) }
                present += 1
                gap = 0
            }
        }
        expected = values.count
        self.present = present
        missingAtEnd = gap
        self.longestGap = longestGap
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

extension AnalysisSchedule {
    /// How many of a side's newest samples may not all be missing: 3, or 2 where they are a minute or more apart. A single
    /// scrape that failed, or samples that arrive a little after the `delay`, lack fewer.
    package var newestSamples: Int { step < .seconds(60) ? 3 : 2 }
}
