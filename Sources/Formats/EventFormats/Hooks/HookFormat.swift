package import Analysis

/// Systems whose own messages are read as deploy events.
package enum HookFormat: String, Sendable, CaseIterable {
    /// Argo Rollouts and Argo CD: a notification with the whole object.
    case argo
    case cdevents
    case flagger
    case github
    case keptn
    /// Spinnaker's Echo.
    case spinnaker
}

/// A member of a deploy event that messages and profiles give as a text.
package enum HookField: String, Sendable, CaseIterable {
    case application
    case environment
    case namespace
    case cluster
    case zone
    /// Of a change: `service` where nothing says it.
    case kind
    /// What was changed, for people; of a change that is no release.
    case summary
    case version
    case imageDigest
    case revision
    case workload
    case planName
}

/// What a message turned out to be.
package enum HookReading: Sendable, Equatable {
    case deploy(DeployEvent)
    /// A change that opens no analysis.
    case change(ChangeEvent)
    /// It begins and ends no analysis, for this reason.
    case ignored(String)
    /// It cannot be used; the reason names what is missing or wrong.
    case malformed(String)
}

/// Why a message cannot be used, in one sentence.
struct HookError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
