package import Analysis
import HTTPTransport
import JSON
import Judging
import Text

/// What people decide.
extension ServiceClient {
    /// What became of a decision.
    package struct DecisionReceipt: Sendable, Equatable {
        /// False where the verdict says the same already.
        package var isNew: Bool
        /// The id of the final verdict.
        package var verdict: String
    }

    /// - Parameters:
    ///   - key: names the request, so that sending it again decides nothing again.
    ///   - seen: the final verdict that the person knows; nil where there is nothing to be said about that.
    package func decide(
        _ kind: PersonDecision.Kind,
        aboutSession id: String,
        reason: String,
        seen: String?,
        key: String
    ) async throws(Failure) -> DecisionReceipt {
        let answer = try await post(
            kind.rawValue,
            ofSession: id,
            ["reason": .string(reason), "seen": seen.map { .string($0) }],
            headers: ["Idempotency-Key": key]
        )
        return DecisionReceipt(
            isNew: answer["outcome"]?.text == "decided",
            verdict: answer["verdict"]?.text ?? id
        )
    }

    /// Returns whether the opinion is new.
    package func keep(
        _ opinion: VerdictFeedback.Opinion,
        onSession id: String,
        note: String?
    ) async throws(Failure) -> Bool {
        let body: JSONObject = ["opinion": .string(opinion.rawValue), "note": note.map { .string($0) }]
        return try await post("feedback", ofSession: id, body)["outcome"]?.text == "kept"
    }

    private func post(
        _ route: String,
        ofSession id: String,
        _ body: JSONObject,
        headers: HTTPHeaders = [:]
    ) async throws(Failure) -> JSONObject {
        var request = HTTPRequest(
            method: .post,
            url: "\(url)/v1/sessions/\(PercentEncoding.encode(id))/\(route)",
            headers: headers,
            body: JSONValue.object(body).jsonBytes,
            isIdempotent: true
        )
        request.headers["Content-Type"] = "application/json"
        guard let answer = try await answerIfFound(to: request) else {
            throw Failure(
                description: "there is no session \(id.excerpt()) at \(url), or it is of a version before 0.2.0",
                mayPass: false
            )
        }
        return answer
    }
}
