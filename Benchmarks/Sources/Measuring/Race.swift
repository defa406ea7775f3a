/// Something that does the same work as others and whose time is compared with theirs.
package struct Contender {
    package let name: String
    /// How many of what is counted (pairs, answers, events) a call gets through.
    package let unitsPerCall: Int
    /// Does the work that many times; the seconds of processor time that took.
    package let time: (_ calls: Int) async throws -> Double

    package init(_ name: String, unitsPerCall: Int = 1, time: @escaping (_ calls: Int) async throws -> Double) {
        self.name = name
        self.unitsPerCall = unitsPerCall
        self.time = time
    }

    /// A contender in this process.
    package static func here(
        _ name: String,
        unitsPerCall: Int = 1,
        _ work: @escaping () async throws -> Void
    ) -> Contender {
        Contender(name, unitsPerCall: unitsPerCall) { calls in
            let start = ProcessorTime.now()
            for _ in 0..<calls { try await work() }
            return ProcessorTime.now() - start
        }
    }
}

/// Contenders measured in turns, one sample each a round, so that whatever slows a round slows all of them.
package struct Race {
    package struct Lap {
        package let name: String
        /// Seconds of processor time a unit.
        package let seconds: Double
    }

    private let entries: [(contender: Contender, calls: Int)]

    /// Finds out how many calls make a sample, which warms up. `sampleTime` is the seconds of processor time that one
    /// takes at least, about; a single call may take longer.
    package init(_ contenders: [Contender], sampleTime: Double) async throws {
        var entries: [(Contender, Int)] = []
        for contender in contenders { entries.append((contender, try await Self.calls(of: contender, sampleTime))) }
        self.entries = entries
    }

    package func round() async throws -> [Lap] {
        var laps: [Lap] = []
        for (contender, calls) in entries {
            let seconds = try await contender.time(calls)
            laps.append(Lap(name: contender.name, seconds: seconds / Double(calls * contender.unitsPerCall)))
        }
        return laps
    }

    private static func calls(of contender: Contender, _ sampleTime: Double) async throws -> Int {
        var calls = 1
        while true {
            let seconds = try await contender.time(calls)
            if seconds >= sampleTime / 4 { return max(1, Int(Double(calls) * sampleTime / seconds)) }
            calls *= 2
        }
    }
}
