/// A variable that was given by the name that it had in 0.1.0.
package struct FormerVariable: Sendable, Equatable, CustomStringConvertible {
    package var name: String
    /// What it is called now.
    package var now: String

    package var description: String {
        "the variable \(name) is called \(now) now; the next version reads that name only"
    }
}
