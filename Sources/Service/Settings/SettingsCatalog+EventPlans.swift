import Analysis

extension SettingsCatalog {
    private static let standard = EventPlanLimits()

    /// What the plans of events are held to, where they are accepted.
    static let eventPlans: [Setting] = [
        Setting(
            key: .eventPlansMinimumLifetime,
            kind: .time(atLeast: .zero),
            meaning: "The shortest lifetime that the plan of an event may have (with `plans.fromEvents`).",
            defaultText: standard.minimumLifetime.compactText,
            readers: [.serve]
        ),
        Setting(
            key: .eventPlansMaximumLooks,
            kind: .number(1...AnalysisSchedule.maximumLooks),
            meaning: "The most looks that it may have.",
            defaultText: "\(standard.maximumLooks)",
            readers: [.serve]
        ),
        Setting(
            key: .eventPlansMinimumSamples,
            kind: .number(1...AnalysisPlan.maximumSamplesPerWindow),
            meaning: "The fewest samples of a side that it may be content with (its `minimumSamples`).",
            defaultText: "\(standard.minimumSamples)",
            readers: [.serve]
        ),
        Setting(
            key: .eventPlansMaximumSamples,
            kind: .number(1...11_000_000),
            meaning: "The most samples that it may ask for: those of all metrics and sides together, at its last look.",
            defaultText: "\(standard.maximumSamples)",
            readers: [.serve]
        ),
    ]
}

extension EventPlanLimits {
    init(_ settings: Settings) throws(SettingsError) {
        self.init(
            minimumLifetime: try settings.duration(.eventPlansMinimumLifetime),
            maximumLooks: try settings.integer(.eventPlansMaximumLooks),
            minimumSamples: try settings.integer(.eventPlansMinimumSamples),
            maximumSamples: try settings.integer(.eventPlansMaximumSamples)
        )
    }
}
