extension AnalysisSession {
    /// How far back the control's samples lie; zero for a comparison of two sides at the same time.
    ///
    /// Rounded up to the step, so that both sides are on the grid.
    package var controlOffset: Duration {
        let before: Duration
        switch (event.control, plan.scopes.control) {
        case (.before(let offset)?, _), (nil, .before(let offset)?): before = offset
        default: return .zero
        }
        let step = max(1, plan.schedule.step.milliseconds)
        return .milliseconds((before.milliseconds + step - 1) / step * step)
    }
}
