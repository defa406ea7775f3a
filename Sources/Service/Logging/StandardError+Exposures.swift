extension StandardError {
    /// A line for each thing that others can read.
    package static func warn(_ exposures: Exposures) {
        for finding in exposures.findings { write("assay: warning: \(finding)\n") }
    }
}
