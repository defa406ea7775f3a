package import Analysis

/// A document of Kayenta's API as it is kept. The store does not read it.
package struct CanaryDocument: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case config
        /// Samples of both sides.
        case pairList
        /// Samples of one side.
        case setList
    }

    /// When a document may be written.
    package enum Rule: Sendable, Equatable {
        /// There is none of its id, and fewer than so many of its kind.
        case absent(most: Int)
        case present
    }

    /// What lists tell of a document.
    package struct Head: Sendable, Equatable {
        package var id: String
        package var changedAt: Timestamp
        /// What a list needs without the body; may be empty.
        package var summary: [UInt8]

        package init(id: String, changedAt: Timestamp, summary: [UInt8] = []) {
            self.id = id
            self.changedAt = changedAt
            self.summary = summary
        }
    }

    package var kind: Kind
    package var head: Head
    package var body: [UInt8]

    package init(_ kind: Kind, _ head: Head, body: [UInt8]) {
        self.kind = kind
        self.head = head
        self.body = body
    }
}
