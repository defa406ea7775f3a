import Foundation
import Hummingbird

/// The fields of a form (`application/x-www-form-urlencoded`), each once.
enum FormBody {
    static func fields(of request: Request, maximumBytes: Int) async throws -> [String: String] {
        let type = request.headers[.contentType]?.split(separator: ";").first?.lowercased()
        guard type == "application/x-www-form-urlencoded" else {
            throw HTTPError(.unsupportedMediaType, message: "a form is expected")
        }
        let bytes = try await JSONBody.bytes(of: request, maximumBytes: maximumBytes)
        guard let fields = parse(String(decoding: bytes, as: UTF8.self)) else {
            throw HTTPError(.badRequest, message: "the form cannot be read")
        }
        return fields
    }

    /// Nil for what is no form, and for a field that is there twice.
    static func parse(_ text: String) -> [String: String]? {
        var fields: [String: String] = [:]
        for part in text.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let decoded = sides.map { $0.replacing("+", with: " ").removingPercentEncoding }
            guard decoded.count == 2, let name = decoded[0], let value = decoded[1],
                fields.updateValue(value, forKey: name) == nil
            else { return nil }
        }
        return fields
    }
}
