import Analysis
import HTTPTransport
import JSON

/// Analyses of past windows.
extension ServiceClient {
    /// More than the service waits.
    private static let longestWait = Duration.seconds(25)

    /// Asks for one. Returns its id.
    ///
    /// - Parameter body: the request as JSON, which the service reads.
    package func openPastAnalysis(_ body: [UInt8]) async throws(Failure) -> String {
        let answer = try await answer(
            to: HTTPRequest(
                method: .post,
                url: "\(url)/v1/analyses",
                headers: ["Content-Type": "application/json"],
                body: body,
                timeout: .seconds(60)
            )
        )
        guard let id = answer["analysis"]?.object?["id"]?.text else {
            throw Failure(description: "\(url) did not say what became of the request", mayPass: false)
        }
        return id
    }

    /// Waits until it has ended. False where it has not by then.
    package func waitForPastAnalysis(_ id: String, until end: ContinuousClock.Instant) async throws(Failure) -> Bool {
        while true {
            let left = max(.zero, min(Self.longestWait, end - .now))
            let request = HTTPRequest(
                url: "\(url)/v1/analyses/\(PercentEncoding.encode(id))?wait=\(left.components.seconds)s",
                timeout: left + .seconds(30),
                maximumResponseBytes: 64 << 20
            )
            let answer = try await answer(to: request)
            if answer["analysis"]?.object?["state"]?.text == "finished" { return true }
            guard ContinuousClock.now < end else { return false }
        }
    }

    package func report(ofPastAnalysis id: String, withSamples: Bool) async throws(Failure) -> AnswerWithReport {
        try await report(
            at: "\(url)/v1/analyses/\(PercentEncoding.encode(id))",
            withSamples: withSamples,
            missing: "there is no analysis \(id) at \(url)"
        )
    }
}
