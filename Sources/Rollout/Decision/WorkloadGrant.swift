import Analysis

/// A workload that belongs to an application of another name: `APPLICATION=WORKLOAD`, both patterns with `*`.
package struct WorkloadGrant: Sendable, Equatable {
    package let application: String
    package let workload: String

    /// Nil for a text of another form.
    package init?(_ text: String) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && !$0.contains(where: \.isWhitespace) }) else {
            return nil
        }
        (application, workload) = (parts[0], parts[1])
    }

    package func covers(_ workload: String, of application: String) -> Bool {
        Glob.matches(self.application, application) && Glob.matches(self.workload, workload)
    }
}
