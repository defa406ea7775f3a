/// The times a range query is evaluated at: `start`, `start + step`, … to `end`, both ends included.
package struct QueryGrid: Sendable, Hashable {
    /// Milliseconds since 1970.
    package let start: Int64
    /// Milliseconds, at least 1.
    package let step: Int64
    /// Number of times, at least 1.
    package let count: Int

    /// Nil when the end comes before the start, the step is not positive or the numbers are out of all bounds.
    package init?(start: Int64, end: Int64, step: Int64) {
        // A hundred thousand years: nothing below can overflow.
        let bounds = Int64(-3_200_000_000_000_000)...3_200_000_000_000_000
        guard bounds.contains(start), bounds.contains(end), end >= start, (1...bounds.upperBound).contains(step) else {
            return nil
        }
        self.start = start
        self.step = step
        count = Int((end - start) / step) + 1
    }

    /// The last time, in milliseconds since 1970.
    package var end: Int64 { start + step * Int64(count - 1) }

    package func time(at slot: Int) -> Int64 { start + step * Int64(slot) }

    /// The slot nearest to a time, if it is within half a step of one; the later slot when two are as near.
    package func slot(nearest time: Int64) -> Int? {
        let (offset, overflow) = time.subtractingReportingOverflow(start - step / 2)
        guard !overflow, offset >= 0, offset / step < count else { return nil }
        return Int(offset / step)
    }
}
