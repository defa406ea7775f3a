import LoadRig

/// Who in this process used the processors.
enum HarnessParts {
    static let backEnd = "synthetic back end"
    static let kafka = "broker and Kafka clients"
    static let others = "everything else"

    /// Processor seconds since an earlier reading of the threads, by part.
    ///
    /// - Parameter all: of the whole process; threads that have ended are in no part but the last.
    static func seconds(since earlier: [String: Double], all: Double) -> [String: Double] {
        var parts = [backEnd: 0.0, kafka: 0.0]
        for (name, seconds) in ProcessUsage.secondsOfOwnThreads() {
            let used = seconds - (earlier[name] ?? 0)
            if name.hasPrefix("NIO") { parts[backEnd, default: 0] += used }
            if name.hasPrefix("rdk") { parts[kafka, default: 0] += used }
        }
        parts[others] = max(0, all - parts.values.reduce(0, +))
        return parts
    }
}
