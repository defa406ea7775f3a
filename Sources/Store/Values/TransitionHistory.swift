package import Analysis
import Foundation
import StoredFormats

/// What happened to a session, and what could not be read of it.
package struct TransitionHistory: Sendable, Equatable {
    /// Oldest first.
    package var transitions: [SessionTransition]
    /// A sentence for each row that cannot be read.
    package var unreadable: [String]

    package init(transitions: [SessionTransition] = [], unreadable: [String] = []) {
        self.transitions = transitions
        self.unreadable = unreadable
    }

    init(reading rows: some Sequence<Data>) {
        self.init()
        for row in rows {
            do throws(FormError) { transitions.append(try TransitionForm.read(row)) } catch {
                unreadable.append(error.message)
            }
        }
    }
}
