import Engine
import Store

/// The webhook as one replica reaches it: its receiver puts on record what it gets.
struct SimulatedWebhook: SingleMessageSink {
    let sink = OutboxSink.webhook
    let link: Link
    let posted: Shared<[String]>

    func deliver(_ message: OutboxMessage, mayHaveArrived: Bool) async throws(DeliveryFailure) -> String? {
        do throws(LinkFailure) {
            try await link.call("post", to: .outside) { [posted] in posted.change { $0.append(message.id) } }
            return nil
        } catch {
            throw DeliveryFailure("no answer: \(error)", isTransient: true)
        }
    }
}
