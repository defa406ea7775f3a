import Foundation
package import HTTPTransport
package import Notifications
package import StoredFormats

/// Posts notifications in the shape of their receiver.
package struct HTTPNotificationPost: NotificationPost {
    /// Where requests go.
    package enum Address: Sendable {
        case open(String)
        /// Who knows it may post there: it is in no message.
        case secret(Secret)
    }

    /// Of a longer answer it is not known whether it took the message, so that it is sent again.
    private static let maximumAnswerBytes = 1 << 20
    /// Of what is read: a page of comments is larger.
    private static let maximumReadBytes = 8 << 20
    private static let maximumRequests = 64
    /// They say what can be mended, or passes; every other 4xx refuses the message itself.
    private static let curable: Set<Int> = [401, 403, 407, 408, 425, 429]
    private static let longestRetryAfter = Duration.seconds(3_600)

    private let name: String
    private let receiver: NotificationReceiver
    private let address: Address
    private let key: Secret?
    private let http: any HTTPExecuting
    private let unixSeconds: @Sendable () -> Int64

    /// - Parameter key: what the receiver wants in the body, where it wants that.
    package init(
        name: String,
        receiver: NotificationReceiver,
        address: Address,
        key: Secret? = nil,
        http: any HTTPExecuting,
        unixSeconds: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
    ) {
        self.name = name
        self.receiver = receiver
        self.address = address
        self.key = key
        self.http = http
        self.unixSeconds = unixSeconds
    }

    package func send(_ notification: NotificationForm, isResolved: Bool) async throws(DeliveryFailure) {
        if let exchange = receiver.exchange(notification) { return try await perform(exchange) }
        guard let request = receiver.request(notification, isResolved: isResolved, secret: key?.value) else {
            throw DeliveryFailure(
                "there is nothing to post to \(name): it cannot tell which release is meant",
                isTransient: false
            )
        }
        _ = try await answer(to: request)
    }

    /// A repeat begins anew: what has been done already is found.
    private func perform(_ exchange: any NotificationExchange) async throws(DeliveryFailure) {
        var exchange = exchange
        var answer: NotificationAnswer?
        for _ in 0..<Self.maximumRequests {
            let request: NotificationRequest?
            do throws(NotificationExchangeError) { request = try exchange.next(after: answer) } catch {
                throw DeliveryFailure("\(name): \(error)", isTransient: true)
            }
            guard let request else { return }
            answer = try await self.answer(to: request)
        }
        throw DeliveryFailure("\(name) takes more requests than are made for one message", isTransient: false)
    }

    private func answer(to request: NotificationRequest) async throws(DeliveryFailure) -> NotificationAnswer {
        let url = url(request.path)
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await http.execute(
                HTTPRequest(
                    method: HTTPMethod(rawValue: request.method.rawValue) ?? .post,
                    url: url,
                    headers: HTTPHeaders(request.headers.map { .init(name: $0.name, value: $0.value) }),
                    body: request.method == .get || request.method == .delete ? nil : request.body,
                    maximumResponseBytes: request.method == .get
                        ? Self.maximumReadBytes : Self.maximumAnswerBytes
                )
            )
        } catch {
            // A request is named by its address, which is a secret of many receivers.
            let words = error.message.replacing(Redaction.url(url), with: Redaction.mark)
            throw DeliveryFailure("\(name): \(words)", isTransient: true)
        }
        guard !response.isSuccess, !request.tolerated.contains(response.status) else {
            return NotificationAnswer(status: response.status, body: response.body)
        }
        let isRefused = (400..<500).contains(response.status) && !Self.curable.contains(response.status)
        throw DeliveryFailure(
            "\(name) answered \(response.status)",
            isTransient: !isRefused,
            retryAfter: response.retryAfter(atMost: Self.longestRetryAfter, unixSeconds: unixSeconds())
        )
    }

    private func url(_ path: String) -> String {
        switch address {
        case .open(let url): (url.hasSuffix("/") && !path.isEmpty ? String(url.dropLast()) : url) + path
        case .secret(let secret): secret.value
        }
    }
}
