import Foundation

/// The JSON of stored forms: sorted keys, NaN and infinities as the strings `NaN`, `Infinity`, `-Infinity`.
enum StoredJSON {
    static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        return encoder
    }

    static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity",
            negativeInfinity: "-Infinity",
            nan: "NaN"
        )
        return decoder
    }
}

extension RawRepresentable<String> where Self: CaseIterable {
    /// A name of which only those known have a meaning.
    static func stored(_ name: String, _ what: String) throws(FormError) -> Self {
        guard let value = Self.allCases.first(where: { $0.rawValue == name }) else {
            throw FormError(.malformed, "the stored \(what) \"\(name.prefix(60))\" is not known")
        }
        return value
    }
}
