package import Analysis
import Concurrency
import Synchronization
import Telemetry

/// Makes one request of equal ones that are under way at the same time: sessions share a grid, so that they often ask
/// the same.
package final class QueryCoalescer: MetricsBackEnd {
    private struct Key: Hashable {
        var query: String
        var window: TimeWindow
        var step: Duration
    }

    private let backEnd: any MetricsBackEnd
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let watch: BackEndWatch?
    private let underWay = Mutex<[Key: Task<Result<BackEndAnswer, SamplingFailure>, Never>]>([:])

    package init(
        _ backEnd: any MetricsBackEnd,
        clock: any EngineClock,
        metrics: EngineMetrics,
        watch: BackEndWatch? = nil
    ) {
        self.backEnd = backEnd
        self.clock = clock
        self.metrics = metrics
        self.watch = watch
    }

    /// An analysis waits for an answer.
    package var isAsking: Bool { underWay.withLock { !$0.isEmpty } }

    package func series(
        of query: String,
        in window: TimeWindow,
        step: Duration
    ) async throws(SamplingFailure) -> BackEndAnswer {
        let key = Key(query: query, window: window, step: step)
        metrics.queriesNeeded.add()
        let task = underWay.withLock { underWay in
            if let task = underWay[key] { return task }
            let task = Task(executorPreference: CancellationShield.executor) {
                [backEnd, clock, metrics, watch] () -> Result<BackEndAnswer, SamplingFailure> in
                defer { self.underWay.withLock { $0[key] = nil } }
                let start = clock.now()
                metrics.queryBegins()
                do throws(SamplingFailure) {
                    let answer = try await backEnd.series(of: query, in: window, step: step)
                    metrics.queryEnds(nil, from: start, to: clock.now())
                    metrics.count(answer)
                    watch?.asked(nil, at: clock.now())
                    return .success(answer)
                } catch {
                    metrics.queryEnds(error.kind, from: start, to: clock.now())
                    watch?.asked(error, at: clock.now())
                    return .failure(error)
                }
            }
            underWay[key] = task
            return task
        }
        return try await task.value.get()
    }
}
