extension AnalysisSession {
    /// That the event came when all of the analysis' time had passed: what the samples say is not what is true now.
    var pastNote: [String] {
        let end = schedule.look(schedule.count).window.end
        guard openedAt >= end else { return [] }
        return [
            "The deploy event came at \(openedAt) and says that the version was deployed at \(deployedAt): all samples are"
                + " of the time up to \(end), and say nothing about the release since."
        ]
    }
}
