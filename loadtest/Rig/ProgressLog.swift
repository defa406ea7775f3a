import Analysis
package import Demo

/// Progress of a run on the console.
package enum ProgressLog {
    /// Prints each line with the time since the start.
    package static func withTime(to console: Console) -> @Sendable (String) -> Void {
        let start = ContinuousClock.now
        return { text in
            let time = (ContinuousClock.now - start).seconds.formatted(decimals: 1)
            console.print([String(repeating: " ", count: max(0, 6 - time.count)) + time + "  " + text])
        }
    }
}
