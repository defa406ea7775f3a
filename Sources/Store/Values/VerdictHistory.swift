package import Analysis
import Foundation
import StoredFormats

/// The verdicts of a session, and what could not be read of them.
package struct VerdictHistory: Sendable, Equatable {
    /// Oldest first.
    package var verdicts: [Verdict]
    /// A sentence for each row that cannot be read.
    package var unreadable: [String]
    /// The id of the oldest of these, where as many were found as were asked for: older ones may be before it.
    package var oldest: String?

    package init(verdicts: [Verdict] = [], unreadable: [String] = [], oldest: String? = nil) {
        self.verdicts = verdicts
        self.unreadable = unreadable
        self.oldest = oldest
    }

    /// - Parameter rows: oldest first.
    init(reading rows: some Collection<(id: String, verdict: Data)>, limit: Int) {
        self.init(oldest: rows.count == limit ? rows.first?.id : nil)
        for row in rows {
            do throws(FormError) { verdicts.append(try VerdictForm.read(row.verdict)) } catch {
                unreadable.append(error.message)
            }
        }
    }
}
