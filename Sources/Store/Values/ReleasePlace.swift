import Analysis

/// Where a session's release is, as its row says: nil where it does not say, empty where the release names none.
struct ReleasePlace {
    var cluster: String?
    var namespace: String?

    /// Whether an event about that release may be about the session. One that names no cluster or namespace may be about
    /// any: a withdrawal is.
    func mayHold(_ release: ReleaseIdentity) -> Bool {
        (cluster == nil || release.cluster == nil || cluster == release.cluster)
            && (namespace == nil || release.namespace == nil || namespace == release.namespace)
    }
}
