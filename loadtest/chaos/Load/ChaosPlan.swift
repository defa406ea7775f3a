import Analysis

/// The plan of every analysis of a run: short, and patient enough for every outage of the schedule.
enum ChaosPlan {
    static let schedule = AnalysisSchedule(
        warmup: .seconds(2),
        step: .seconds(1),
        interval: .seconds(10),
        lifetime: .seconds(40),
        delay: .seconds(2),
        deadline: .seconds(300)
    )

    /// From the deploy event to the last look.
    static var length: Duration { schedule.warmup + schedule.lifetime + schedule.delay }

    static var yaml: String {
        """
        apiVersion: assay.dev/v1
        kind: AnalysisPlan
        name: chaos
        scopes:
          control: {labels: {track: stable}}
          experiment: {labels: {track: canary}}
        schedule:
          warmup: \(schedule.warmup.compactText)
          step: \(schedule.step.compactText)
          interval: \(schedule.interval.compactText)
          lifetime: \(schedule.lifetime.compactText)
          delay: \(schedule.delay.compactText)
          deadline: \(schedule.deadline.compactText)
        metrics:
        \(SyntheticSeries.metrics.map(metric).joined(separator: "\n"))

        """
    }

    private static func metric(_ name: String) -> String {
        """
          - name: \(name)
            query: \(name){app="${application}", ${scope}}
            group: \(name)
            direction: increase
            effect: {allowedIncrease: 1.5}
        """
    }
}
