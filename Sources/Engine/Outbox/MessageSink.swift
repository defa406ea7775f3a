package import Store

/// Where one kind of message is delivered.
package protocol MessageSink: Sendable {
    var sink: OutboxSink { get }

    /// Delivers one message and returns what the receiver calls it, if it has a name for it.
    func deliver(_ message: OutboxMessage) async throws(DeliveryFailure) -> String?
}

/// Why a message was not delivered.
package struct DeliveryFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// One sentence, without secrets.
    package let message: String
    /// Trying again later may help.
    package let isTransient: Bool

    package init(_ message: String, isTransient: Bool) {
        self.message = message
        self.isTransient = isTransient
    }

    package var description: String { message }
}
