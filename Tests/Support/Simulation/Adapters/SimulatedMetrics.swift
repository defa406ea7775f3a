import Analysis
import Engine
import SeededRandom

/// The metrics back end as one replica reaches it.
struct SimulatedMetrics: MetricsBackEnd {
    let series: SampleSource
    let link: Link
    let weather: Shared<Weather>
    /// How long answers take while the back end is slow: some longer than a lease.
    let slowness: @Sendable () -> Duration

    func series(
        of query: String,
        in window: TimeWindow,
        step: Duration
    ) async throws(SamplingFailure) -> BackEndAnswer {
        if weather.value.metricsTrouble == .slow { try? await link.process.scheduler.sleep(slowness()) }
        let answer: Result<BackEndAnswer, SamplingFailure>
        do throws(LinkFailure) {
            answer = try await link.call("query", to: .metrics) { [series, weather, now = link.process.scheduler] in
                let values = series.values(of: query, in: window, step: step, at: now.now)
                switch weather.value.metricsTrouble {
                case nil, .slow?: return .success(BackEndAnswer(series: [values]))
                case .partial?:
                    let half = values.indices.map { $0 % 2 == 0 ? values[$0] : .nan }
                    return .success(BackEndAnswer(series: [half], warnings: ["a store is missing"], isPartial: true))
                case .unreachable?: return .failure(SamplingFailure(kind: .unreachable, message: "refused"))
                case .overloaded?: return .failure(SamplingFailure(kind: .overloaded, message: "503"))
                }
            }
        } catch {
            throw SamplingFailure(kind: .unreachable, message: "no answer")
        }
        return try answer.get()
    }
}

/// What the metrics back end would answer: a pure function of seed, query and instant.
struct SampleSource: Sendable {
    let seed: UInt64
    /// Versions whose experiment is worse than their control, by application and version.
    let failing: Set<String>
    /// Samples show up this long after their instant.
    let lateness: Duration

    func values(of query: String, in window: TimeWindow, step: Duration, at now: Timestamp) -> [Double] {
        let visible = now - lateness
        let level = level(of: query)
        var hash = seed
        for byte in query.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        var instant = window.start
        return (0..<window.sampleCount(step: step)).map { _ in
            instant = instant + step
            guard instant <= visible else { return .nan }
            let noise = SeededGenerator.mix(hash &+ UInt64(bitPattern: instant.milliseconds)) % 1000
            return level + Double(noise) / 100
        }
    }

    /// 100 for the healthy, twice that for the experiment of a version that fails.
    private func level(of query: String) -> Double {
        guard query.contains("canary") else { return 100 }
        return failing.contains { query.contains($0) } ? 200 : 100
    }
}
