package import Notifications
package import Store
package import StoredFormats

/// Tells one destination of verdicts: at least once, of each state of a release once.
package struct NotificationSink: SingleMessageSink {
    package let sink: OutboxSink
    private let destination: NotificationDestination
    private let post: any NotificationPost
    private let store: any Store

    package init(_ destination: NotificationDestination, post: any NotificationPost, store: any Store) {
        sink = .notification(destination.name)
        self.destination = destination
        self.post = post
        self.store = store
    }

    /// Returns the state that the destination knows from here on.
    package func deliver(
        _ message: OutboxMessage,
        mayHaveArrived: Bool
    ) async throws(DeliveryFailure) -> String? {
        let notification: NotificationForm
        do throws(FormError) { notification = try NotificationForm(bytes: message.payload) } catch {
            // A process of another version may read it.
            throw DeliveryFailure(error.message, isTransient: true)
        }
        let told: String?
        do throws(StoreError) { told = try await store.lastReference(to: sink, key: message.key) } catch {
            throw DeliveryFailure("what \(destination.name) knows cannot be looked up: \(error)", isTransient: true)
        }
        switch destination.step(for: notification, told: told) {
        case .tell: try await post.send(notification, isResolved: false)
        case .resolve: try await post.send(notification, isResolved: true)
        case .nothing: break
        }
        return NotificationDestination.state(of: notification)
    }
}

/// Hands a notification to a receiver, once.
package protocol NotificationPost: Sendable {
    /// - Parameter isResolved: the alert of the release's place has ended.
    func send(_ notification: NotificationForm, isResolved: Bool) async throws(DeliveryFailure)
}
