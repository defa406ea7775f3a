/// How much of something may be done in the long run, and how much at once. No clock: times are seconds, from any start.
package struct RateBudget: Sendable {
    private let rate: Double
    private let burst: Double
    private var left: Double
    private var last: Double?

    /// - Parameters:
    ///   - rate: how many a second.
    ///   - burst: how many at once after a pause.
    package init(rate: Double, burst: Double) {
        self.rate = rate
        self.burst = burst
        self.left = burst
    }

    /// Takes as many as there are, up to a number.
    package mutating func take(_ wanted: Int, at seconds: Double) -> Int {
        // A clock that was set back gives nothing.
        if let last, seconds > last { left = min(burst, left + (seconds - last) * rate) }
        last = seconds
        let taken = min(wanted, Int(left))
        left -= Double(taken)
        return taken
    }
}
