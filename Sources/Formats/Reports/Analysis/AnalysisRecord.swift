package import Analysis

/// All that is kept of an analysis: what its report is made of.
package struct AnalysisRecord: Sendable {
    package var session: AnalysisSession
    /// The newest of its verdicts, oldest first: two are enough for what is shown.
    package var verdicts: [Verdict]
    /// Oldest first.
    package var transitions: [SessionTransition]
    /// What rollout controllers did, oldest first.
    package var actions: [RolloutAction]
    /// In an order in which a later block replaces the instants that it shares with an earlier one.
    package var samples: [SampleBlock]
    /// The application's newest analyses in the same environment, newest first, with or without this one.
    package var releases: [AnalysisSession]
    /// What could not be read of all this, a sentence each.
    package var unreadable: [String]
    /// Of an analysis of a past window; nil for one of a release.
    package var adHoc: AdHocAnalysis?

    package init(
        session: AnalysisSession,
        verdicts: [Verdict] = [],
        transitions: [SessionTransition] = [],
        actions: [RolloutAction] = [],
        samples: [SampleBlock] = [],
        releases: [AnalysisSession] = [],
        unreadable: [String] = [],
        adHoc: AdHocAnalysis? = nil
    ) {
        self.session = session
        self.verdicts = verdicts
        self.transitions = transitions
        self.actions = actions
        self.samples = samples
        self.releases = releases
        self.unreadable = unreadable
        self.adHoc = adHoc
    }

    /// What the report shows the evidence of: the final verdict, or else the newest one. A final verdict that ends an
    /// analysis before its look says nothing of the metrics; the look before it does.
    var shown: Verdict? {
        let final = session.finalVerdict
        if let final, !final.metrics.isEmpty { return final }
        return verdicts.last { !$0.metrics.isEmpty } ?? final ?? verdicts.last
    }
}
