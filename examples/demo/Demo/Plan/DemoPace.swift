package import Analysis

/// How fast the demo goes: a release in under a minute, or times that a real release might use.
package struct DemoPace: Sendable, Equatable {
    package var name: String
    package var scrapeInterval: Duration
    /// The stretch of time of a rate in the plan's queries: no longer than a step, so that no request is counted in two, and
    /// several scrapes, so that a late one leaves no gap.
    package var rateWindow: Duration
    package var schedule: AnalysisSchedule
    /// Fewer samples than this decide nothing.
    package var minimumSamples: Int
    /// Requests a second to the shop.
    package var requestsPerSecond: Int
    /// Percent of requests that a canary takes.
    package var canaryWeight: Int

    package static let fast = DemoPace(
        name: "fast",
        scrapeInterval: .milliseconds(250),
        rateWindow: .seconds(1),
        schedule: AnalysisSchedule(
            warmup: .seconds(6),
            step: .seconds(1),
            interval: .seconds(8),
            lifetime: .seconds(56),
            delay: .seconds(2),
            deadline: .seconds(60)
        ),
        minimumSamples: 6,
        requestsPerSecond: 100,
        canaryWeight: 25
    )

    package static let real = DemoPace(
        name: "real",
        scrapeInterval: .seconds(1),
        rateWindow: .seconds(5),
        schedule: AnalysisSchedule(
            warmup: .seconds(30),
            step: .seconds(5),
            interval: .seconds(30),
            lifetime: .seconds(300),
            delay: .seconds(10),
            deadline: .seconds(300)
        ),
        minimumSamples: 5,
        requestsPerSecond: 100,
        canaryWeight: 25
    )

    /// The pace of that name; nil when there is none.
    package init?(named name: String) {
        guard let pace = [Self.fast, Self.real].first(where: { $0.name == name }) else { return nil }
        self = pace
    }

    package init(
        name: String,
        scrapeInterval: Duration,
        rateWindow: Duration,
        schedule: AnalysisSchedule,
        minimumSamples: Int,
        requestsPerSecond: Int,
        canaryWeight: Int
    ) {
        self.name = name
        self.scrapeInterval = scrapeInterval
        self.rateWindow = rateWindow
        self.schedule = schedule
        self.minimumSamples = minimumSamples
        self.requestsPerSecond = requestsPerSecond
        self.canaryWeight = canaryWeight
    }

    /// How long the shop runs before the first release, so that its own noise can be learned: the judge asks for 12 pieces of
    /// time, which are as long as a step here.
    package var timeBefore: Duration { schedule.step * 14 }

    /// From the deploy event to the last look.
    package var longestAnalysis: Duration { schedule.warmup + schedule.lifetime + schedule.delay }

    package var looks: Int {
        let interval = max(1, schedule.interval.milliseconds)
        return Int((schedule.lifetime.milliseconds + interval - 1) / interval)
    }
}
