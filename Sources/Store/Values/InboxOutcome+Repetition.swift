import Analysis
import Foundation
import StoredFormats

extension InboxOutcome {
    /// Of an event whose identity is in the inbox, where it says `known`. What cannot be read cannot be the same.
    init(repeating event: DeployEvent, known: Data) {
        guard let known = try? DeployEventForm.read(known) else {
            self = .conflict(.unreadable(event.identity))
            return
        }
        self = event.conflict(with: known).map { .conflict($0) } ?? .duplicate
    }

    /// Of an event whose inbox row has been deleted, while the session that it opened is kept.
    init(repeating event: DeployEvent, analysis state: Data?) {
        guard let state, let session = try? SessionForm.read(state) else {
            self = .conflict(.unreadable(event.identity))
            return
        }
        self = event.conflict(withAnalysisOf: session.event).map { .conflict($0) } ?? .duplicate
    }
}

extension EventConflict {
    fileprivate static func unreadable(_ identity: EventIdentity) -> EventConflict {
        EventConflict(identity: identity, known: "a release that this version cannot read", fields: [])
    }
}
