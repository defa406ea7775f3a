package import KayentaFormats

/// Where the samples of canaries come from.
package protocol CanarySource: Sendable {
    /// The series of a query over the window of a scope, both ends included.
    func series(of query: String, for scope: CanaryScope) async throws(CanarySourceFailure) -> [CanarySeries]
}

/// Why there are no samples.
package struct CanarySourceFailure: Error, Sendable, Equatable {
    package var message: String
    /// The same question may be answered later.
    package var isTransient: Bool

    package init(_ message: String, isTransient: Bool) {
        self.message = message
        self.isTransient = isTransient
    }
}
