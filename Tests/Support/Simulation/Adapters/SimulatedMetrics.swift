import Analysis
import Engine

/// The metrics back end as one replica reaches it.
struct SimulatedMetrics: MetricsBackEnd {
    let series: SampleSource
    let link: Link
    let weather: Shared<Weather>
    /// How long answers take while the back end is slow: some longer than a lease.
    let slowness: @Sendable () -> Duration
    /// A defect: what is asked for behind a state begins with a step that has been folded in.
    var repeatsSteps = false

    func series(
        of query: String,
        in window: TimeWindow,
        step: Duration
    ) async throws(SamplingFailure) -> BackEndAnswer {
        // Only what is behind a state is no whole number of intervals.
        let isBehindState = window.sampleCount(step: step) % 4 != 0
        let window = repeatsSteps && isBehindState ? window.shifted(by: .zero - step) : window
        if weather.value.metricsTrouble == .slow { try? await link.process.scheduler.sleep(slowness()) }
        let answer: Result<BackEndAnswer, SamplingFailure>
        do throws(LinkFailure) {
            answer = try await link.call("query", to: .metrics) { [series, weather, now = link.process.scheduler] in
                var answer = series.answer(query, in: window, step: step, at: now.now)
                switch weather.value.metricsTrouble {
                case nil, .slow?: return .success(answer)
                case .partial?:
                    answer.series = answer.series.map { values in
                        values.indices.map { $0 % 2 == 0 ? values[$0] : .nan }
                    }
                    answer.warnings = ["a store is missing"]
                    answer.isPartial = true
                    return .success(answer)
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
