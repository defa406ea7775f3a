import FoundationEssentials

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

extension KubernetesValue: Codable {
    /// The API's objects nest about twenty deep; more is refused before it can use up the stack.
    private static let maximumDepth = 64

    package init(from decoder: any Decoder) throws {
        guard decoder.codingPath.count <= Self.maximumDepth else {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "nested too deeply"))
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? container.decode(Int64.self) {
            self = .integer(integer)
        } else if let double = try? container.decode(Double.self) {
            self = .double(double)
        } else if decoder.holdsArray {
            self = .array(try container.decode([KubernetesValue].self))
        } else {
            self = .object(try container.decode([String: KubernetesValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let bool): try container.encode(bool)
        case .integer(let integer): try container.encode(integer)
        case .double(let double): try container.encode(double)
        case .string(let text): try container.encode(text)
        case .array(let elements): try container.encode(elements)
        case .object(let members): try container.encode(members)
        }
    }
}

extension Decoder {
    /// Asked before decoding the elements, so that an error in one of them does not start a second reading.
    fileprivate var holdsArray: Bool { (try? unkeyedContainer()) != nil }
}

extension KubernetesValue {
    /// Reads a JSON text. Throws ``KubernetesError`` `malformed`.
    package init(json: [UInt8]) throws(KubernetesError) {
        do {
            self = try JSONDecoder().decode(KubernetesValue.self, from: Data(json))
        } catch {
            throw KubernetesError(.malformed, "The answer is not JSON, or nests too deeply.")
        }
    }

    /// JSON with sorted members. Throws ``KubernetesError`` `invalid` for a number that JSON does not have.
    package func json() throws(KubernetesError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self))
        } catch {
            throw KubernetesError(.invalid, "A number in the patch has no JSON form.")
        }
    }
}
