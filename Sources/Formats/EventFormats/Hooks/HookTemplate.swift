import JSON
import Text

/// A text with `${path}` in it, where a path leads to a text or a number of the message (`metadata.name`,
/// `status.images.0`).
package struct HookTemplate: Sendable, Equatable {
    private enum Part: Sendable, Equatable {
        case text(String)
        case path([String])
    }

    private let parts: [Part]

    /// Nil where a `${` has no end or names nothing.
    package init?(_ text: String) {
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { return nil }
            let path = rest[start.upperBound..<end].split(separator: ".", omittingEmptySubsequences: false)
            guard !path.contains("") else { return nil }
            if start.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<start.lowerBound]))) }
            parts.append(.path(path.map(String.init)))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.parts = parts
    }

    func filled(from message: JSONObject) throws(HookError) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let part): text += part
            case .path(let path): text += try Self.value(at: path, in: message)
            }
        }
        return text
    }

    private static func value(at path: [String], in message: JSONObject) throws(HookError) -> String {
        var value: JSONValue? = .object(message)
        for name in path {
            switch value {
            case .object(let object): value = object[name]
            case .array(let elements): value = Int(name).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
            default: value = nil
            }
        }
        switch value {
        case .string(let text) where !text.isEmpty: return text
        case .number(let text): return text
        default: throw HookError("the message has no text at \(path.joined(separator: ".").excerpt(100))")
        }
    }
}
