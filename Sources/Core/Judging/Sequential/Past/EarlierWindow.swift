/// A stretch of the past, as if a release had happened at its start.
package struct EarlierWindow: Sendable, Equatable {
    /// The values of one lifetime before that moment, one for each step; NaN where there is none.
    package let reference: [Double]
    /// Those of one lifetime from that moment on.
    package let values: [Double]

    package init(reference: [Double], values: [Double]) {
        self.reference = reference
        self.values = values
    }

    /// Neighbouring windows of the steps before the event, the latest first; each is the reference of the one that follows
    /// it in time. Of `count + 1` lifetimes, as many as there are.
    ///
    /// - Parameter history: one value for each step up to the event, oldest first.
    package static func neighbours(_ history: [Double], steps: Int, count: Int = 8) -> [EarlierWindow] {
        guard steps > 0 else { return [] }
        var windows: [EarlierWindow] = []
        var end = history.count
        while windows.count < count, end >= 2 * steps {
            windows.append(
                EarlierWindow(
                    reference: Array(history[end - 2 * steps..<end - steps]),
                    values: Array(history[end - steps..<end])
                )
            )
            end -= steps
        }
        return windows
    }
}
