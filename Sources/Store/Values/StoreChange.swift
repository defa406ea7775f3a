package import Analysis
import Foundation
import StoredFormats

/// Everything that one decision changes.
package struct StoreChange: Sendable, Equatable {
    /// What became of an event of the inbox.
    package struct Answer: Sendable, Equatable {
        package var outcome: String
        package var at: Timestamp
        /// What is known about the release after the event.
        package var history: ReleaseHistory
        /// Times that lay in the future and were corrected; told, and not kept.
        package var futureTimes: Int

        package init(outcome: String, at: Timestamp, history: ReleaseHistory, futureTimes: Int = 0) {
            self.outcome = outcome
            self.at = at
            self.history = history
            self.futureTimes = futureTimes
        }
    }

    /// What a change rests on: that nothing else has become known about a release since it was read.
    package struct Expectation: Sendable, Equatable {
        package var release: ReleaseIdentity
        package var history: ReleaseHistory

        package init(release: ReleaseIdentity, history: ReleaseHistory) {
            self.release = release
            self.history = history
        }

        /// Throws `.conflict` where that is not so.
        package func check(_ known: ReleaseHistory) throws(StoreError) {
            guard known == history else {
                throw StoreError(.conflict, "something has become known about \(release) meanwhile")
            }
        }
    }

    /// Only in the answer to an event.
    package var answer: Answer?
    /// Looked at in the transaction of the change, in which no event is answered.
    package var expectation: Expectation?
    /// New sessions; one that exists already is left alone (the event was answered before).
    package var opened: [AnalysisSession] = []
    /// Sessions to overwrite, each with the version it was read with. Writing ends any lease.
    package var written: [StoredSession] = []
    package var samples: [SampleBlock] = []
    /// Of sessions that go on; those of finished ones are deleted.
    package var states: [StoredMetricState] = []
    /// Takes the place of what was learned earlier.
    package var noise: [StoredNoise] = []
    package var verdicts: [Verdict] = []
    package var messages: [OutboxMessage] = []
    /// Releases, as changes that other analyses ask for; one that is kept already is left alone.
    package var releases: [KnownChange] = []
    /// How sessions changed, and why.
    package var transitions: [SessionTransition] = []

    package init() {}
}

extension StoreChange {
    /// A verdict as it is kept. Its messages carry the same bytes beside their content, so that it is written once.
    func storedForm(of verdict: Verdict) throws(FormError) -> Data {
        let message = messages.first { $0.id == verdict.id && $0.content != nil }
        if let message { return Data(message.payload) }
        return try VerdictForm.write(verdict)
    }
}
