import Analysis
import EventFormats
import Foundation
package import HTTPTransport
package import Store

/// Posts final verdicts as JSON to one configured address.
package struct WebhookSink: SingleMessageSink {
    package let sink = OutboxSink.webhook
    private let http: any HTTPExecuting
    private let url: String
    private let source: String

    package init(http: any HTTPExecuting, url: String, source: String) {
        self.http = http
        self.url = url
        self.source = source
    }

    /// A CloudEvent in structured mode; a repeat carries the same id, also as `Idempotency-Key`.
    package func deliver(
        _ message: OutboxMessage,
        mayHaveArrived: Bool
    ) async throws(DeliveryFailure) -> String? {
        let body: [UInt8]
        do {
            let verdict = try DomainJSON.decode(Verdict.self, from: Data(message.payload))
            let event = VerdictEvent.encode(verdict, source: source, reportURL: nil)
            body = CloudEventKafkaBinding.structured(event).value ?? []
        } catch {
            throw DeliveryFailure("the stored verdict cannot be read: \(error)", isTransient: false)
        }
        let response: HTTPResponse
        do {
            response = try await http.execute(
                HTTPRequest(
                    method: .post,
                    url: url,
                    headers: [
                        "Content-Type": "application/cloudevents+json; charset=UTF-8", "Idempotency-Key": message.id,
                    ],
                    body: body,
                    // The answer counts by its status alone.
                    maximumResponseBytes: 64 << 10
                )
            )
        } catch {
            throw DeliveryFailure("webhook: \(error)", isTransient: true)
        }
        guard response.isSuccess else {
            let isTransient = response.status >= 500 || [408, 425, 429].contains(response.status)
            throw DeliveryFailure("webhook answered \(response.status)", isTransient: isTransient)
        }
        return nil
    }
}
