package import Analysis
import Foundation
import StoredFormats

/// The verdicts of a session, and what could not be read of them.
package struct VerdictHistory: Sendable, Equatable {
    /// Oldest first.
    package var verdicts: [Verdict]
    /// A sentence for each row that cannot be read.
    package var unreadable: [String]

    package init(verdicts: [Verdict] = [], unreadable: [String] = []) {
        self.verdicts = verdicts
        self.unreadable = unreadable
    }

    init(reading rows: some Sequence<Data>) {
        self.init()
        for row in rows {
            do throws(FormError) { verdicts.append(try VerdictForm.read(row)) } catch {
                unreadable.append(error.message)
            }
        }
    }
}
