package import Analysis
package import EventFormats
import Foundation
package import Store
import StoredFormats

/// Verdicts in the order in which they are sent, for readers over HTTP: the messages of the outbox, delivered or not.
package struct VerdictFeed: Sendable {
    /// One message and the place behind it.
    package struct Item: Sendable {
        package var place: OutboxCursor
        /// The event, or why it cannot be read.
        package var content: Result<CloudEvent, Unreadable>
    }

    package struct Unreadable: Error, Sendable {
        package var message: String
        package var reason: String
    }

    private let store: any Store
    private let source: String
    private let reportURL: @Sendable (Verdict) -> String?

    /// `source` is the CloudEvents source of the verdicts.
    package init(store: any Store, source: String, reportURL: @escaping @Sendable (Verdict) -> String?) {
        self.store = store
        self.source = source
        self.reportURL = reportURL
    }

    /// What lies behind a place, at most `limit`; empty at the end.
    package func items(after place: OutboxCursor, limit: Int) async throws(StoreError) -> [Item] {
        var place = place
        return try await store.messages(of: .verdicts, after: place, limit: limit).map { message in
            place.pass(message)
            return Item(place: place, content: content(of: message))
        }
    }

    package func end() async throws(StoreError) -> OutboxCursor { try await store.end(of: .verdicts) }

    private func content(of message: OutboxMessage) -> Result<CloudEvent, Unreadable> {
        do throws(FormError) {
            let verdict = try VerdictForm.read(Data(message.payload))
            let event = VerdictEvent.encode(verdict, source: source, reportURL: reportURL(verdict))
            return .success(RetryMessage.marked(event, message.id))
        } catch {
            return .failure(Unreadable(message: message.id, reason: error.message))
        }
    }
}
