import JSON

/// A JSON value as the API sends and takes it.
package enum KubernetesValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    case array([KubernetesValue])
    case object([String: KubernetesValue])

    /// The member of an object; nil for other values and where the member is missing or null.
    package subscript(name: String) -> KubernetesValue? {
        guard case .object(let members) = self, let member = members[name], member != .null else { return nil }
        return member
    }

    package var text: String? { if case .string(let text) = self { text } else { nil } }
    package var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }
    package var elements: [KubernetesValue]? { if case .array(let elements) = self { elements } else { nil } }
    package var members: [String: KubernetesValue]? { if case .object(let members) = self { members } else { nil } }

    /// A whole number, also one that is written as a string, as Argo writes `observedGeneration`.
    package var integer: Int64? {
        switch self {
        case .integer(let integer): integer
        case .double(let double): Int64(exactly: double)
        case .string(let text): Int64(text)
        default: nil
        }
    }
}

extension KubernetesValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral
{
    package init(dictionaryLiteral elements: (String, KubernetesValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }

    package init(arrayLiteral elements: KubernetesValue...) { self = .array(elements) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(nilLiteral: ()) { self = .null }
}

extension KubernetesValue {
    /// The API's objects nest about twenty deep; more is refused before it can use up the stack.
    private static let maximumDepth = 64

    /// Reads a JSON text. Throws ``KubernetesError`` `malformed`.
    package init(json: [UInt8]) throws(KubernetesError) {
        do throws(JSONParseError) {
            self.init(try JSONParser.parse(json, maximumDepth: Self.maximumDepth))
        } catch {
            throw KubernetesError(.malformed, "The answer is not JSON, or nests too deeply.")
        }
    }

    private init(_ value: JSONValue) {
        switch value {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .number(let text):
            let double = Double(text) ?? .nan
            // `1.0` is a whole number too: how it is written back must not make it another value.
            self = (Int64(text) ?? Int64(exactly: double)).map { .integer($0) } ?? .double(double)
        case .string(let text): self = .string(text)
        case .array(let elements): self = .array(elements.map { KubernetesValue($0) })
        case .object(let object):
            self = .object(
                Dictionary(uniqueKeysWithValues: object.members.map { ($0.name, KubernetesValue($0.value)) })
            )
        }
    }

    /// JSON with sorted members. Throws ``KubernetesError`` `invalid` for a number that JSON does not have.
    package func json() throws(KubernetesError) -> [UInt8] { try value().jsonBytes }

    private func value() throws(KubernetesError) -> JSONValue {
        switch self {
        case .null: return .null
        case .bool(let bool): return .bool(bool)
        case .integer(let integer): return .number(String(integer))
        case .double(let double):
            guard double.isFinite else { throw KubernetesError(.invalid, "A number in the patch has no JSON form.") }
            return .double(double)
        case .string(let text): return .string(text)
        case .array(let elements):
            var values: [JSONValue] = []
            for element in elements { values.append(try element.value()) }
            return .array(values)
        case .object(let members):
            var object = JSONObject()
            for (name, member) in members.sorted(by: { $0.key < $1.key }) { object[name] = try member.value() }
            return .object(object)
        }
    }
}
