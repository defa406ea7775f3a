/// An enumeration whose values travel by name between versions of this program and to others.
///
/// A name that a newer version has made is carried as `unknown`, as it is: a reader that does not know it must neither
/// refuse the whole nor take it for a value that it knows.
package protocol OpenEnumeration: RawRepresentable<String>, CaseIterable, Hashable, Sendable, Codable {
    static func unknown(_ name: String) -> Self
}

extension OpenEnumeration {
    package init(rawValue: String) {
        self.init(named: rawValue)
    }

    /// Any name: one that this version does not know is `unknown`.
    package init(named name: String) {
        self = Self.allCases.first { $0.rawValue == name } ?? .unknown(name)
    }

    /// Nil for a name that this version does not know.
    package init?(known name: String) {
        guard let value = Self.allCases.first(where: { $0.rawValue == name }) else { return nil }
        self = value
    }

    package var isKnown: Bool { Self.allCases.contains(self) }

    package init(from decoder: any Decoder) throws {
        self.init(named: try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}
