/// When an analysis looks, and at which samples.
package struct AnalysisSchedule: Sendable, Equatable {
    package enum Window: Sendable, Equatable {
        /// Each look uses every sample since the warm-up.
        case growing
        /// Each look uses the samples of this last stretch of time; a multiple of the step.
        case sliding(Duration)
    }

    /// Time after the deployment whose samples are not used.
    package var warmup: Duration
    /// Distance of two samples; at least 1 s.
    package var step: Duration
    /// Distance of two looks; a multiple of the step.
    package var interval: Duration
    /// Time from the end of the warm-up to the last look; a multiple of the step.
    package var lifetime: Duration
    package var window: Window
    /// Time after the end of a window before it is read, so that its last samples have arrived.
    package var delay: Duration
    /// How long past the last look a held analysis waits for its metrics before it ends inconclusive.
    package var deadline: Duration

    package init(
        warmup: Duration = .zero,
        step: Duration = .seconds(60),
        interval: Duration,
        lifetime: Duration,
        window: Window = .growing,
        delay: Duration = .seconds(30),
        deadline: Duration = .seconds(3600)
    ) {
        self.warmup = warmup
        self.step = step
        self.interval = interval
        self.lifetime = lifetime
        self.window = window
        self.delay = delay
        self.deadline = deadline
    }
}

extension AnalysisSchedule {
    /// What is wrong with a comparison with the series this long ago; nil when that time ends before the release.
    package func problem(ofPast offset: Duration) -> String? {
        let needed = warmup + lifetime
        guard offset < needed else { return nil }
        return
            "\(offset.compactText) is shorter than warm-up and lifetime together (\(needed.compactText)), so that the last look"
            + " compares the new version with itself"
    }
}

extension AnalysisSchedule {
    /// How many of a side's newest samples may not all be missing: 3, or 2 where they are a minute or more apart. A single
    /// scrape that failed, or samples that arrive a little after the `delay`, lack fewer.
    package var newestSamples: Int { step < .seconds(60) ? 3 : 2 }
}
