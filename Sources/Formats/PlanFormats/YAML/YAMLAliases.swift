/// Refuses aliases where they could make reading a file take exponential time.
///
/// The YAML reader shares what an alias names instead of copying it, except that it hashes whole keys: an alias inside a
/// key could unfold without end. Keys that hold one are an alias themselves, a flow collection, or follow a `?`. None of
/// these is of use in a plan, so in a file with aliases all of them are refused. The check reads text, not YAML: it may
/// take a quoted text for a key, but only in a file that has an alias and its anchor.
enum YAMLAliases {
    static func problem(in text: String) -> String? {
        let bytes = Array(text.utf8)
        let anchors = Set(names(after: UInt8(ascii: "&"), in: bytes).map(\.name))
        let aliases = names(after: UInt8(ascii: "*"), in: bytes).filter { anchors.contains($0.name) }
        guard !aliases.isEmpty else { return nil }
        let isKey =
            aliases.contains { isFollowedByColon($0.end, in: bytes) }
            || bytes.indices.contains { index in
                let byte = bytes[index]
                return (byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}"))
                    && isFollowedByColon(index + 1, in: bytes)
                    || byte == UInt8(ascii: "?") && startsToken(index, in: bytes) && isBlank(index + 1, in: bytes)
            }
        return isKey ? "a file with aliases may only have plain words as keys" : nil
    }

    private static func names(after sign: UInt8, in bytes: [UInt8]) -> [(name: ArraySlice<UInt8>, end: Int)] {
        bytes.indices.compactMap { index in
            guard bytes[index] == sign, startsToken(index, in: bytes) else { return nil }
            let name = bytes[(index + 1)...].prefix {
                (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95
            }
            return name.isEmpty ? nil : (name, name.endIndex)
        }
    }

    private static func startsToken(_ index: Int, in bytes: [UInt8]) -> Bool {
        index == 0 || bytes[index - 1] <= 0x20 || "[{,:-?".utf8.contains(bytes[index - 1]) || bytes[index - 1] >= 0x80
    }

    private static func isBlank(_ index: Int, in bytes: [UInt8]) -> Bool {
        index >= bytes.count || bytes[index] <= 0x20
    }

    private static func isFollowedByColon(_ index: Int, in bytes: [UInt8]) -> Bool {
        bytes[index...].first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: ":")
    }
}
