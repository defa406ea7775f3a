import Analysis
import EventFormats
package import HTTPTransport
import JSON
import Judging

/// Posts each action to one configured address, with an `Idempotency-Key` by which the receiver can drop a repeat.
///
/// 2xx is done; 409 and 410 mean that the release has moved on; 3xx, 408, 425, 429, 5xx, and failures of the network and of
/// TLS are tried again.
package struct WebhookActuator: Actuator {
    package let name = "webhook"
    private let url: String
    private let headers: HTTPHeaders
    private let timeout: Duration
    private let client: any HTTPExecuting

    /// - Parameters:
    ///   - url: from the configuration, never from an event.
    ///   - headers: sent along; a receiver's credentials belong to the client.
    package init(
        url: String,
        headers: HTTPHeaders = [:],
        timeout: Duration = .seconds(15),
        client: any HTTPExecuting
    ) {
        self.url = url
        self.headers = headers
        self.timeout = timeout
        self.client = client
    }

    package func handles(_ kind: ActionKind) -> Bool { kind != .none }

    package func perform(_ action: PlannedAction) async throws(ActuatorError) -> ActuatorOutcome {
        let response: HTTPResponse
        do throws(HTTPError) {
            response = try await client.execute(request(for: action))
        } catch {
            // A certificate that does not fit may be one that is being replaced.
            let mayPass = error.isTransient || error.code == .tls || error.code == .protocolError
            throw ActuatorError(mayPass ? .transient : .permanent, "The webhook was not reached: \(error)")
        }
        let answer = "The webhook answered with status \(response.status)."
        switch response.status {
        case 200..<300: return .done(answer)
        case 409, 410: throw ActuatorError(.superseded, "\(answer) The release has moved on.")
        // A redirect leads to where people log in, or elsewhere; the receiver has not answered.
        case 300..<400, 408, 425, 429, 500..<600:
            throw ActuatorError(.transient, answer, retryAfter: response.headers["Retry-After"])
        default: throw ActuatorError(.permanent, answer)
        }
    }

    private func request(for action: PlannedAction) -> HTTPRequest {
        let id = RolloutAction.id(verdictID: action.verdict.id, actuator: name)
        var all = headers
        all["Content-Type"] = "application/json"
        all["Idempotency-Key"] = Self.headerText(id)
        all["traceparent"] = action.verdict.traceparent.map(Self.headerText)
        // The retries are the controller's, so that a newer release can end them.
        return HTTPRequest(
            method: .post,
            url: url,
            headers: all,
            body: body(action, id: id),
            timeout: timeout,
            maximumResponseBytes: 64 << 10,
            isIdempotent: false
        )
    }

    /// The data of the rollout event, without an outcome yet.
    private func body(_ action: PlannedAction, id: String) -> [UInt8] {
        let verdict = action.verdict
        let body: JSONObject = [
            "id": .string(id),
            "verdict": .string(verdict.id),
            "session": .string(verdict.session),
            "application": .string(verdict.application),
            "environment": .string(verdict.environment),
            "namespace": verdict.namespace.map { .string($0) },
            "cluster": verdict.cluster.map { .string($0) },
            "version": .string(verdict.version),
            "imageDigest": verdict.imageDigest.map { .string($0) },
            "revision": verdict.revision.map { .string($0) },
            "workload": verdict.workload.map { .string($0) },
            "action": .string(action.kind.rawValue),
            "result": .string(verdict.result.rawValue),
            "score": verdict.score.map { .double($0) },
            "reason": .string(action.reason),
            "report": action.reportURL.map { .string($0) },
            "actuator": .string(name),
        ]
        return JSONValue.object(body).jsonBytes
    }

    /// Percent-encodes every byte that a header value cannot carry.
    static func headerText(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            if (0x21...0x7E).contains(byte), byte != UInt8(ascii: "%") {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}
