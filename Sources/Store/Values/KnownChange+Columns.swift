import Analysis
import Foundation
import StoredFormats

/// A change as a row has it, beside the change itself: what it is looked for by.
struct ChangeColumns {
    var source: String
    var id: String
    var at: Int64
    /// Empty where none is named; so is the environment.
    var application: String
    var environment: String
    var kind: String
    /// It may concern other applications than its own.
    var isShared: Bool
    var change: Data

    init(_ change: KnownChange) throws(FormError) {
        let event = change.event
        source = event.identity.source
        id = event.identity.id
        at = change.at.milliseconds
        application = event.application ?? ""
        environment = event.environment ?? ""
        kind = event.kind.rawValue
        isShared = event.application == nil || event.place.isShared
        self.change = try ChangeForm.write(event)
    }
}

extension ListedChange {
    /// Nil for one that cannot be read.
    init?(sequence: Int64, at: Int64, change: Data) {
        guard let event = try? ChangeForm.read(change) else { return nil }
        let at = Timestamp(milliseconds: at)
        self.init(cursor: ChangeCursor(at: at, sequence: sequence), change: KnownChange(event, at: at))
    }
}

extension InboxOutcome {
    /// Of a change whose identity is that of `known`. What cannot be read cannot be the same.
    init(repeating event: ChangeEvent, known: Data) {
        guard let known = try? ChangeForm.read(known) else {
            let what = "a change that this version cannot read"
            self = .conflict(EventConflict(identity: event.identity, known: what, fields: []))
            return
        }
        self = event.conflict(with: known).map { .conflict($0) } ?? .duplicate
    }
}
