package import Analysis

/// Which process reads verdicts under a name, and until when no other may.
package struct ReaderLease: Sendable, Equatable {
    package var reader: String
    package var holder: String
    package var until: Timestamp

    package init(reader: String, holder: String, until: Timestamp) {
        self.reader = reader
        self.holder = holder
        self.until = until
    }
}
