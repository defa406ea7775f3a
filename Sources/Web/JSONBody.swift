import Analysis
import Foundation
import Hummingbird
import JSON
import NIOCore

/// A JSON answer made of domain values.
enum JSONBody {
    static let headers: HTTPFields = [.contentType: "application/json; charset=utf-8"]

    static func response(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status,
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: try DomainJSON.encode(value)))
        )
    }
}

extension JSONBody {
    static func response(_ object: JSONObject, status: HTTPResponse.Status = .ok) -> Response {
        response(JSONValue.object(object).jsonBytes, status: status)
    }

    /// An answer that is JSON text already.
    static func response(_ json: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status,
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: json))
        )
    }

    static func bytes(of request: Request, maximumBytes: Int) async throws -> [UInt8] {
        do { return try await RequestBytes.read(request, maximumBytes: maximumBytes) } catch is RequestBytes.TooMany {
            throw HTTPError(
                .contentTooLarge,
                headers: RequestBytes.closing,
                message: "the body is larger than \(maximumBytes) bytes"
            )
        }
    }

    /// The object in the body; an empty one without a body.
    static func object(of request: Request, maximumBytes: Int) async throws -> JSONObject {
        let bytes = try await bytes(of: request, maximumBytes: maximumBytes)
        guard !bytes.isEmpty else { return JSONObject() }
        guard let object = try? JSONParser.parse(bytes, maximumDepth: 16).object else {
            throw HTTPError(.badRequest, message: "the body is not a JSON object")
        }
        return object
    }
}

/// What every failed request is answered with (RFC 9457, problem details).
struct Problem: Codable, Sendable {
    static let contentType = "application/problem+json; charset=utf-8"

    /// The status in words.
    var title: String
    var status: Int
    /// What is wrong, in one sentence.
    var detail: String
    /// The same, as version 0.1.0 named it.
    var error: String

    init(_ status: HTTPResponse.Status, _ sentence: String?) {
        title = status.reasonPhrase
        self.status = status.code
        detail = sentence ?? status.reasonPhrase
        error = detail
    }
}
