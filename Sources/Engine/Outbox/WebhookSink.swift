package import HTTPTransport
package import Store
import StoredFormats

/// Posts final verdicts as JSON to one configured address.
package struct WebhookSink: SingleMessageSink {
    package let sink = OutboxSink.webhook
    private let http: any HTTPExecuting
    private let url: String
    private let encoding: VerdictMessageEncoding

    package init(http: any HTTPExecuting, url: String, encoding: VerdictMessageEncoding) {
        self.http = http
        self.url = url
        self.encoding = encoding
    }

    /// The content as it is: a CloudEvent in structured mode. A repeat carries the same id, also as `Idempotency-Key`.
    package func deliver(
        _ message: OutboxMessage,
        mayHaveArrived: Bool
    ) async throws(DeliveryFailure) -> String? {
        let content = try encoding.content(of: message, as: VerdictMessageEncoding.request)
        var headers: HTTPHeaders = ["Idempotency-Key": message.id]
        for header in content.headers { headers[header.name] = header.value }
        let response: HTTPResponse
        do {
            response = try await http.execute(
                HTTPRequest(
                    method: .post,
                    url: url,
                    headers: headers,
                    body: content.body,
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
