package import Analysis

/// The plans that are in use, since when, and what is wrong with the files as they are now.
package struct PlanShelf: Sendable {
    package var directory: PlanDirectory
    package var loadedAt: Timestamp
    /// Why the files as they are now cannot be used, so that those read before stay in use; nil where they can.
    package var refused: PlanFileErrors?

    package init(_ directory: PlanDirectory, loadedAt: Timestamp, refused: PlanFileErrors? = nil) {
        self.directory = directory
        self.loadedAt = loadedAt
        self.refused = refused
    }
}
