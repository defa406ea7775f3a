package import Analysis

/// An execution of Kayenta's API as it is kept. The store does not read its state.
package struct StoredCanary: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// One judgement.
        case canary
        /// Several over a time.
        case analysis
    }

    package var id: String
    package var kind: Kind
    package var application: String
    package var status: String
    package var builtAt: Timestamp
    /// Nil once it is finished.
    package var wakeAt: Timestamp?
    /// With a form of its own.
    package var state: [UInt8]
    /// Raised at each claim and each change.
    package var version: Int64
    /// How often it was claimed since it was written.
    package var claims: Int

    package init(
        id: String,
        kind: Kind,
        application: String,
        status: String,
        builtAt: Timestamp,
        wakeAt: Timestamp?,
        state: [UInt8],
        version: Int64 = 1,
        claims: Int = 0
    ) {
        self.id = id
        self.kind = kind
        self.application = application
        self.status = status
        self.builtAt = builtAt
        self.wakeAt = wakeAt
        self.state = state
        self.version = version
        self.claims = claims
    }
}

/// A page of executions.
package struct CanaryQueryPage: Sendable, Equatable {
    package var kind: StoredCanary.Kind
    package var application: String
    /// Nil for all.
    package var statuses: [String]?
    package var limit: Int
    package var offset: Int

    package init(
        kind: StoredCanary.Kind,
        application: String,
        statuses: [String]? = nil,
        limit: Int,
        offset: Int = 0
    ) {
        self.kind = kind
        self.application = application
        self.statuses = statuses
        self.limit = limit
        self.offset = offset
    }
}

/// What is written of executions in one transaction.
package struct CanaryChange: Sendable, Equatable {
    /// As they were read, with their new state.
    package var written: [StoredCanary]
    package var added: [StoredCanary]
    package var documents: [CanaryDocument]
    /// What is written stays with the replica that holds it.
    package var keepsLeases: Bool

    package init(
        written: [StoredCanary] = [],
        added: [StoredCanary] = [],
        documents: [CanaryDocument] = [],
        keepsLeases: Bool = false
    ) {
        self.written = written
        self.added = added
        self.documents = documents
        self.keepsLeases = keepsLeases
    }
}
