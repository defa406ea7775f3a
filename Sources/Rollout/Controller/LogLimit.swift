/// Keeps lines that any sender can cause from filling the log: ten a minute, and then how many were left out.
struct LogLimit: Sendable {
    private static let lines = 10
    private static let period = Duration.seconds(60)

    private var begin = Duration.zero
    private var logged = 0
    private var omitted = 0

    /// Nil when the line is left out; otherwise how many were left out since the last one.
    mutating func take(at time: Duration) -> Int? {
        if time - begin >= Self.period {
            begin = time
            logged = 0
        }
        guard logged < Self.lines else {
            omitted += 1
            return nil
        }
        logged += 1
        defer { omitted = 0 }
        return omitted
    }
}
