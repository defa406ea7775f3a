package import Analysis
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
    private let metrics: EngineMetrics
    private let underWay = Mutex<[Key: Task<Result<BackEndAnswer, SamplingFailure>, Never>]>([:])

    package init(_ backEnd: any MetricsBackEnd, metrics: EngineMetrics) {
        self.backEnd = backEnd
        self.metrics = metrics
    }

    package func series(
        of query: String,
        in window: TimeWindow,
        step: Duration
    ) async throws(SamplingFailure) -> BackEndAnswer {
        let key = Key(query: query, window: window, step: step)
        metrics.queriesNeeded.add()
        let task = underWay.withLock { underWay in
            if let task = underWay[key] { return task }
            let task = Task(executorPreference: Uninterrupted.executor) {
                [backEnd, metrics] () -> Result<BackEndAnswer, SamplingFailure> in
                defer { self.underWay.withLock { $0[key] = nil } }
                metrics.queriesSent.add()
                do throws(SamplingFailure) {
                    return .success(try await backEnd.series(of: query, in: window, step: step))
                } catch {
                    metrics.queryFailures.add(1, error.kind.rawValue)
                    return .failure(error)
                }
            }
            underWay[key] = task
            return task
        }
        return try await task.value.get()
    }
}
