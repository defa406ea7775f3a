import Analysis
import EventFormats
package import Store

/// Verdicts in the order in which they are sent, for readers over HTTP: the messages of the outbox, delivered or not.
package struct VerdictFeed: Sendable {
    /// One message and the place behind it.
    package struct Item: Sendable {
        package var place: OutboxCursor
        /// The event in structured mode, with the data that its record on Kafka has, to the byte; or why there is none.
        package var content: Result<[UInt8], Unreadable>
    }

    package struct Unreadable: Error, Sendable {
        package var message: String
        package var reason: String
    }

    private let store: any Store
    private let encoding: VerdictMessageEncoding

    /// `encoding` is for messages that version 0.1.0 wrote, which have no content yet.
    package init(store: any Store, encoding: VerdictMessageEncoding) {
        self.store = store
        self.encoding = encoding
    }

    /// What lies behind a place, at most `limit` and, of more than one, `maximumBytes`; empty at the end.
    package func items(
        after place: OutboxCursor,
        limit: Int,
        maximumBytes: Int = .max
    ) async throws(StoreError) -> [Item] {
        var place = place
        let messages = try await store.messages(
            of: .verdicts,
            after: place,
            limit: limit,
            maximumBytes: maximumBytes
        )
        return messages.map { message in
            place.pass(message)
            return Item(place: place, content: content(of: message))
        }
    }

    /// One verdict's event, as `items` gives it; nil where its message is not kept.
    package func event(ofVerdict id: String) async throws(StoreError) -> Result<[UInt8], Unreadable>? {
        try await store.message(of: .verdicts, id: id).map(content)
    }

    package func end() async throws(StoreError) -> OutboxCursor { try await store.end(of: .verdicts) }

    private func content(of message: OutboxMessage) -> Result<[UInt8], Unreadable> {
        let record: OutboxContent
        do throws(DeliveryFailure) {
            record = try encoding.content(of: message, as: VerdictMessageEncoding.record)
        } catch {
            return .failure(Unreadable(message: message.id, reason: error.message))
        }
        do throws(CloudEventError) {
            return .success(CloudEventHTTPBinding.structured(try VerdictMessageEncoding.event(in: record)).body)
        } catch {
            return .failure(Unreadable(message: message.id, reason: error.reason))
        }
    }
}
