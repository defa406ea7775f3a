import Synchronization

/// A small shop that runs a stable version and a canary behind a traffic split, with real latencies and real metrics.
package final class DemoShop: Sendable {
    private let state: Mutex<ShopState>

    package init(version: String = "1.0.0", behaviour: ShopBehaviour = .healthy) {
        state = Mutex(ShopState(version: version, behaviour: behaviour))
    }

    package var report: ShopReport { state.withLock { ShopReport($0) } }

    var metricsText: String { ShopMetricsText.render(state.withLock { $0 }) }

    /// Serves one page: waits as long as the version takes and says whether it failed.
    func serve(_ handler: ShopHandler) async throws -> ShopState.Assignment {
        let assignment = try state.withLock { state throws(ShopError) in try state.assign(handler) }
        let clock = ContinuousClock()
        let start = clock.now
        // A visitor that left is counted with the time until then.
        defer {
            let seconds = start.duration(to: clock.now) / .seconds(1)
            state.withLock { $0.finish(assignment, seconds: seconds) }
        }
        try await clock.sleep(for: .milliseconds(assignment.milliseconds))
        return assignment
    }

    func release(_ order: ReleaseOrder) throws(ShopError) -> String {
        try state.withLock { state throws(ShopError) in try state.release(order) }
    }

    func apply(_ order: RolloutOrder, key: String) throws(ShopError) -> RolloutAnswer {
        try state.withLock { state throws(ShopError) in try state.apply(order, key: key) }
    }
}
