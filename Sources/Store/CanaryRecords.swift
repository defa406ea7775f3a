package import Analysis

/// What Kayenta's API keeps: documents (configs, lists of samples), and executions that replicas work on.
///
/// Each call is one transaction, as those of `Store`.
package protocol CanaryRecords: Sendable {
    /// The store's own time, which all replicas share.
    func time() async throws(StoreError) -> Timestamp

    // MARK: Documents

    func canaryDocument(_ kind: CanaryDocument.Kind, id: String) async throws(StoreError) -> CanaryDocument?

    /// The heads of all documents of a kind, by id: at most `limit`.
    func canaryDocumentHeads(_ kind: CanaryDocument.Kind, limit: Int) async throws(StoreError) -> [CanaryDocument.Head]

    /// Keeps a document, or replaces the one of its id. Nothing is done where `rule` forbids it.
    func put(_ document: CanaryDocument, if rule: CanaryDocument.Rule) async throws(StoreError) -> Bool

    /// False where there is none.
    func deleteCanaryDocument(_ kind: CanaryDocument.Kind, id: String) async throws(StoreError) -> Bool

    // MARK: Executions

    /// Takes an execution in; false where `most` of them are not finished.
    func add(_ execution: StoredCanary, most: Int) async throws(StoreError) -> Bool

    func canary(id: String) async throws(StoreError) -> StoredCanary?

    /// Executions of a kind and an application, newest first.
    func canaries(_ query: CanaryQueryPage) async throws(StoreError) -> [StoredCanary]

    /// Leases up to `limit` executions whose wake time has come and which no other replica holds, the oldest first.
    func claimDueCanaries(_ claim: LeaseClaim, limit: Int) async throws(StoreError) -> [StoredCanary]

    /// Extends leases that are still held, named by execution and the version that was claimed. Returns those.
    func renewCanaries(_ held: [String: Int64], until: Timestamp) async throws(StoreError) -> Set<String>

    /// Gives leases back unchanged.
    func releaseCanaries(owner: String) async throws(StoreError)

    /// The earliest wake time of an execution that is not held.
    func nextCanaryWake() async throws(StoreError) -> Timestamp?

    /// Applies everything of the change or nothing; the leases of what is written end, unless the change keeps them. Throws `.conflict` when an execution has
    /// been written or claimed since it was read.
    func commit(_ change: CanaryChange) async throws(StoreError)

    /// Deletes up to `limit` executions that were finished and begun before `time`, and as many lists of samples from before
    /// `samples`. Returns how many.
    func deleteExpiredCanaries(
        before time: Timestamp,
        samples: Timestamp,
        limit: Int
    ) async throws(StoreError) -> Int
}
