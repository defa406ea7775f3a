/// Plans that decide within seconds.
struct TestPlan: Sendable {
    var name: String
    var query: String
    var judge = "NetflixACAJudge-v1.0"
    /// Further lines of the metric.
    var settings: [String] = []
    var interval = 2
    var lifetime = 4
    /// Short, for what has no samples; a plan that is to be judged gets more.
    var deadline = 3

    /// For the application of the plan's name.
    var yaml: String {
        """
        apiVersion: assay.dev/v1
        kind: AnalysisPlan
        name: \(name)
        match: {applications: [\(name)]}
        scopes:
          control: {labels: {track: stable}}
          experiment: {labels: {track: canary}}
        judge: \(judge)
        schedule: {warmup: 0s, step: 1s, interval: \(interval)s, lifetime: \(lifetime)s, delay: 0s, deadline: \(deadline)s}
        minimumSamples: 2
        metrics:
          - name: load
            group: load
            query: >-
              \(query)
        \(settings.map { "    \($0)\n" }.joined())
        """
    }

    static let good = TestPlan(name: "good", query: "sum(load{${scope}})", deadline: 60)

    /// Fails.
    static let slow = TestPlan(
        name: "slow",
        query: "sum(slow{${scope}})",
        judge: "conditions",
        settings: ["condition: canary <= 2 * control"],
        deadline: 60
    )

    func write(to bench: Bench) throws {
        try bench.write(yaml, to: "plans/\(name).yaml")
    }
}
