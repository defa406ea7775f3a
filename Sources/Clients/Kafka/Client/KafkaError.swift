/// What went wrong with Kafka, in one sentence for a person and a code for a program.
package struct KafkaError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure: what a caller decides by.
    package enum Code: String, Sendable, Equatable, CaseIterable {
        /// A property is unknown, has a value that is not allowed, or contradicts another.
        case configuration
        /// No broker, or none that answers.
        case transport
        /// Not done within the time allowed. A message may or may not have been stored.
        case timedOut
        /// The client can't go on: a newer instance fenced it, or its sequence of messages is broken.
        case fatal
        /// The client was closed.
        case closed
        /// Too many messages wait to be sent.
        case queueFull
        /// The message is larger than client or broker allow.
        case messageTooLarge
        /// The broker refused the credentials or the certificate.
        case authentication
        /// The brokers' access rules do not allow it; see `missingRight`.
        case authorization
        /// The topic or partition does not exist, or has no valid name.
        case topic
        /// Records were deleted before they were read.
        case recordsLost
        /// Records could not be decompressed or parsed, and were passed over.
        case unreadable
        /// A transaction that is open holds up what comes behind its beginning.
        case openTransaction
        case other
    }

    package var code: Code
    /// librdkafka's number: negative for the library's own errors, positive for the broker's, 0 where neither is meant.
    package var rdKafkaCode: Int32
    /// One sentence for a person, without secrets.
    package var message: String
    /// The same call may work later without any change.
    package var isRetriable: Bool
    /// The client that raised it is of no more use.
    package var isFatal: Bool
    /// What the access rules have to give before it works; only with `.authorization`, and where it is known.
    package var missingRight: KafkaRight?

    package init(
        code: Code,
        rdKafkaCode: Int32 = 0,
        message: String,
        isRetriable: Bool = false,
        isFatal: Bool = false,
        missingRight: KafkaRight? = nil
    ) {
        self.code = code
        self.rdKafkaCode = rdKafkaCode
        self.message = message
        self.isRetriable = isRetriable
        self.isFatal = isFatal
        self.missingRight = missingRight
    }

    package var description: String { self.message }
}

extension KafkaError {
    /// Sending the same message again may succeed, at once or when people have mended what is wrong: brokers, rights,
    /// topics. After a fatal error a producer works on with a fresh handle.
    package var mayBeMended: Bool {
        switch self.code {
        case .messageTooLarge, .configuration, .closed: false
        case .other: self.isRetriable
        default: true
        }
    }

    /// The brokers know the client or its rights for wrong: only people can mend that.
    package var isRefusal: Bool { self.code == .authentication || self.code == .authorization }

    static func configuration(_ message: String) -> KafkaError {
        KafkaError(code: .configuration, message: message)
    }

    static func closed(_ client: String) -> KafkaError {
        KafkaError(code: .closed, message: "The Kafka \(client) is closed.")
    }

    static func timedOut(_ what: String) -> KafkaError {
        KafkaError(code: .timedOut, message: "\(what) was not done in time.", isRetriable: true)
    }
}
