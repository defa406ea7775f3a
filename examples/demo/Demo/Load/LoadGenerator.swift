package import HTTPTransport
import Synchronization

/// Sends requests to the shop at a steady rate: an open loop, so that a slow answer doesn't thin out the load.
package final class LoadGenerator: Sendable {
    /// Requests under way at once; what would go beyond is skipped and counted.
    package static let maximumConcurrent = 64

    private let client: any HTTPExecuting
    private let baseURL: String
    private let interval: Duration
    private let state = Mutex(LoadCounts())

    /// - Parameters:
    ///   - baseURL: the shop's, without a slash at the end.
    ///   - perSecond: requests a second, from 1 to 1000.
    package init(client: any HTTPExecuting, baseURL: String, perSecond: Int) {
        self.client = client
        self.baseURL = baseURL
        interval = .seconds(1) / min(max(perSecond, 1), 1000)
    }

    package var counts: LoadCounts { state.withLock { $0 } }

    /// Runs until the task is cancelled.
    package func run() async {
        let clock = ContinuousClock()
        await withDiscardingTaskGroup { group in
            let inFlight = InFlight()
            var due = clock.now
            var pages = ShopHandler.allCases[...]
            while !Task.isCancelled {
                let page = pages.removeFirst()
                if pages.isEmpty { pages = ShopHandler.allCases[...] }
                if inFlight.enter(limit: Self.maximumConcurrent) {
                    group.addTask {
                        await self.send(page)
                        inFlight.leave()
                    }
                } else {
                    state.withLock { $0.skipped += 1 }
                }
                due += interval
                // After a pause of the whole process the missed requests are not sent all at once.
                if clock.now - due > .seconds(1) { due = clock.now }
                try? await clock.sleep(until: due)
            }
            group.cancelAll()
        }
    }

    private func send(_ page: ShopHandler) async {
        state.withLock { $0.sent += 1 }
        let request = HTTPRequest(url: "\(baseURL)/\(page.rawValue)", timeout: .seconds(10), maximumResponseBytes: 4096)
        do {
            let response = try await client.execute(request)
            state.withLock { counts in
                if response.isSuccess { counts.succeeded += 1 } else { counts.refused += 1 }
            }
        } catch {
            state.withLock { $0.failed += 1 }
        }
    }
}

/// How many requests are under way.
private final class InFlight: Sendable {
    private let count = Mutex(0)

    func enter(limit: Int) -> Bool {
        count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    func leave() {
        count.withLock { $0 -= 1 }
    }
}
