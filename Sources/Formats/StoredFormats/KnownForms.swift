import Analysis
import Judging

/// What this version can work with.
package enum KnownForms {
    /// Of analyses.
    package static let session = SessionForm.newest
    /// Of deploy events in the inbox.
    package static let event = DeployEventForm.newest
    /// Of what is known about releases.
    package static let timeline = min(ReleaseTimelineForm.newest, SharedTimelineForm.newest)
    /// Of messages in the outbox. Form 2: the finished bytes beside what form 1 was made of.
    package static let message = 2
    /// Of analyses of past windows, and of what is in them.
    package static let pastAnalysis = PastAnalysisForm.newest
    /// The judges that can decide here.
    package static let judges = Judges.names
}
