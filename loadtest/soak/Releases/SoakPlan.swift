import Analysis

/// The plans in the directory of the service.
///
/// A metric passes as long as no sample of the canary is above twice the control's highest: one bad sample decides at the
/// first look that sees it, and noise never does.
struct SoakPlan: Sendable, Equatable {
    var name: String
    /// The beginning of the names of its applications.
    var applications: String
    var metrics: Int
    var interval: Duration
    var lifetime: Duration
    /// How long after the last look it waits for metrics.
    var deadline: Duration

    private static let warmup = Duration.seconds(1)
    private static let step = Duration.seconds(1)
    private static let delay = Duration.seconds(1)

    var schedule: AnalysisSchedule {
        AnalysisSchedule(
            warmup: Self.warmup,
            step: Self.step,
            interval: interval,
            lifetime: lifetime,
            delay: Self.delay,
            deadline: deadline
        )
    }

    /// Of the releases that are counted.
    static let good = SoakPlan(
        name: "good",
        applications: "good-",
        metrics: 1,
        interval: .seconds(2),
        lifetime: .seconds(4),
        deadline: .seconds(600)
    )

    /// Of an attacker's releases.
    static let many = short("many", metrics: 1)
    static let large = short("large", metrics: 4)
    static let endless = short("endless", metrics: 4)

    /// A session with much to read.
    static let big = SoakPlan(
        name: "big",
        applications: "big-",
        metrics: 100,
        interval: .seconds(1),
        lifetime: .seconds(15),
        deadline: .seconds(60)
    )

    static let all = [good, many, large, endless, big]

    private static func short(_ name: String, metrics: Int) -> SoakPlan {
        SoakPlan(
            name: name,
            applications: "\(name)-",
            metrics: metrics,
            interval: .seconds(2),
            lifetime: .seconds(4),
            deadline: .seconds(10)
        )
    }

    var yaml: String {
        """
        apiVersion: assay.dev/v1
        kind: AnalysisPlan
        name: \(name)
        match: {applications: ["\(applications)*"]}
        scopes:
          control: {labels: {track: stable}}
          experiment: {labels: {track: canary}}
        judge: conditions
        minimumSamples: 1
        schedule:
          warmup: \(Self.warmup.compactText)
          step: \(Self.step.compactText)
          interval: \(interval.compactText)
          lifetime: \(lifetime.compactText)
          delay: \(Self.delay.compactText)
          deadline: \(deadline.compactText)
        metrics:
        \((0..<metrics).map { Self.metric("soak_\(name)_\($0)") }.joined(separator: "\n"))

        """
    }

    /// One metric as a part of a plan.
    static func metric(_ name: String) -> String {
        """
          - name: \(name)
            query: \(name){app="${application}", ${scope}}
            noData: hold
            condition: max(canary) <= 2 * max(control)
        """
    }
}
