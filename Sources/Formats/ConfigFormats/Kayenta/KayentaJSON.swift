/// A JSON value that keeps apart what Kayenta's reader keeps apart.
///
/// Kayenta casts options to Java's types without converting them, so whether a number was written `1`, `1.0` or with
/// more than 32 bits decides whether a judgement fails.
enum KayentaJSON: Equatable {
    case null
    case bool(Bool)
    /// A whole number of at most 32 bits.
    case int(Int32)
    /// A longer whole number, as the nearest double.
    case long(Double)
    /// A number with a point or an exponent.
    case double(Double)
    case string(String)
    case array([KayentaJSON])
    /// Of repeated keys the last counts.
    case object([String: KayentaJSON])

    /// How an error names the kind of value.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .int: "a whole number"
        case .long: "a whole number of more than 32 bits"
        case .double: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// The member of an object; nil when it is absent or this is no object.
    subscript(key: String) -> KayentaJSON? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }
}
