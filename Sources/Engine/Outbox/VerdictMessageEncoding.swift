package import Analysis
package import EventFormats
import Foundation
package import Store
import StoredFormats

/// How a verdict becomes a message: the CloudEvent of `docs/events/verdict.schema.json`.
package struct VerdictMessageEncoding: Sendable {
    private let source: String
    private let reportURL: @Sendable (Verdict) -> String?
    private let signingKey: (@Sendable () -> SigningKey)?

    /// - Parameters:
    ///   - source: the CloudEvents source of the verdicts.
    ///   - signingKey: asked for at each event; nil leaves events unsigned.
    package init(
        source: String,
        reportURL: @escaping @Sendable (Verdict) -> String? = { _ in nil },
        signingKey: (@Sendable () -> SigningKey)? = nil
    ) {
        self.source = source
        self.signingKey = signingKey
        self.reportURL = reportURL
    }

    /// The finished event, signed where there is a key.
    ///
    /// - Parameter failedAt: the failure whose action is asked for again.
    package func event(of verdict: Verdict, retrying failedAt: Timestamp? = nil) -> CloudEvent {
        var event = VerdictEvent.encode(verdict, source: source, reportURL: reportURL(verdict))
        if let failedAt { event = RetryRequest.event(event, failedAt: failedAt) }
        return signingKey?().signed(event) ?? event
    }

    /// The name of the header that holds the key of a record: no record has such a header.
    static let recordKey = ":key"

    /// In binary mode: attributes as headers. The record's key is the application.
    package static func record(of event: CloudEvent, _ verdict: Verdict) -> OutboxContent {
        let (value, headers) = CloudEventKafkaBinding.binary(event)
        return OutboxContent(
            headers: [MessageHeader(name: recordKey, value: verdict.application)]
                + headers.map {
                    MessageHeader(name: $0.name, value: String(decoding: $0.value ?? [], as: UTF8.self))
                },
            body: value ?? []
        )
    }

    /// In structured mode.
    package static func request(of event: CloudEvent, _ verdict: Verdict) -> OutboxContent {
        OutboxContent(
            headers: [MessageHeader(name: "Content-Type", value: "application/cloudevents+json; charset=UTF-8")],
            body: CloudEventKafkaBinding.structured(event).value ?? []
        )
    }

    /// The event that a record carries, to the byte.
    package static func event(in record: OutboxContent) throws(CloudEventError) -> CloudEvent {
        let headers = record.headers.filter { $0.name != recordKey }.map {
            EventHeader(name: $0.name, value: Array($0.value.utf8))
        }
        // It is our own, and has been bounded when it was made.
        let limits = EventLimits(maximumBytes: .max, maximumHeaders: .max, maximumHeaderBytes: .max)
        return try CloudEventKafkaBinding.decode(value: record.body, headers: headers, limits: limits)
    }

    /// The content of a message: its own, or what follows from the payload where version 0.1.0 wrote it.
    func content(
        of message: OutboxMessage,
        as form: (CloudEvent, Verdict) -> OutboxContent
    ) throws(DeliveryFailure) -> OutboxContent {
        if let content = message.content { return content }
        do throws(FormError) {
            let verdict = try VerdictForm.read(Data(message.payload))
            return form(event(of: verdict), verdict)
        } catch {
            // A process of another version may read it.
            throw DeliveryFailure(error.message, isTransient: true)
        }
    }
}
