/// Where turns go on: behind the event source that was looked at last, and within a source behind the application.
package struct TurnPlace: Sendable, Equatable {
    /// The most sources whose applications are remembered. Those of the others begin at the first application again.
    private static let maximumSources = 1_024

    package internal(set) var source = ""
    package private(set) var applications: [String: String] = [:]
    /// Of the sources whose events wait for room, the one that was looked at last.
    package var fullSource = ""

    package init() {}

    mutating func move(to application: String, in source: String) {
        if applications[source] == nil, applications.count >= Self.maximumSources { applications = [:] }
        applications[source] = application
    }
}
