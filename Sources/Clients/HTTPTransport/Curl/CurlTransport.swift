import Concurrency

/// Sends each request once, through the transfer thread.
struct CurlTransport: HTTPExecuting {
    let mailbox: TransferMailbox
    private let configuration: HTTPClient.Configuration

    init(_ configuration: HTTPClient.Configuration) throws(HTTPError) {
        let multi = try MultiHandle(
            maximumConnections: max(1, configuration.maximumConcurrentRequests),
            maximumConnectionsPerHost: max(1, configuration.maximumConcurrentRequestsPerHost)
        )
        let mailbox = TransferMailbox(
            multi: multi,
            maximumUnfinished: max(1, configuration.maximumConcurrentRequests)
                + max(0, configuration.maximumWaitingRequests)
        )
        self.mailbox = mailbox
        self.configuration = configuration
        let settings = TransferSettings(
            tls: configuration.tls,
            connectTimeout: configuration.connectTimeout,
            lowSpeedTime: configuration.lowSpeedTime,
            proxy: configuration.proxy
        )
        let queue = TransferQueue(
            maximumRunning: configuration.maximumConcurrentRequests,
            maximumRunningPerHost: configuration.maximumConcurrentRequestsPerHost
        )
        let isStarted = OSThread.startLoop("http client") { heartbeat in
            var loop = TransferLoop(
                mailbox: mailbox,
                multi: multi,
                settings: settings,
                queue: queue,
                budget: AnswerBudget(maximum: configuration.maximumAnswerBytesHeld ?? .max),
                heartbeat: heartbeat
            )
            loop.run()
        }
        guard isStarted else { throw HTTPError(.overloaded, "The system has no thread for an HTTP client.") }
    }

    func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let prepared = try PreparedRequest(
            request,
            defaults: configuration.headers,
            secretHeaders: configuration.secretHeaders,
            authentication: configuration.authentication,
            tls: configuration.tls
        )
        let id = mailbox.nextID()
        let waitsUntil = ContinuousClock.now.advanced(by: max(.zero, configuration.maximumWait))
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let transfer = Transfer(
                    id: id,
                    request: prepared,
                    timeout: max(.zero, request.timeout),
                    waitsUntil: waitsUntil,
                    continuation: continuation
                )
                if let refusal = mailbox.start(transfer) {
                    continuation.resume(returning: .failure(refusal))
                } else if Task.isCancelled {
                    // Cancelled before the start: the handler's command came too early to find the transfer.
                    mailbox.cancel(id)
                }
            }
        } onCancel: {
            mailbox.cancel(id)
        }
        return try result.get()
    }
}
