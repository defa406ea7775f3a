package import Foundation

/// What earlier versions stored and published.
package enum StoredFixtures {
    package enum Version: String, Sendable, CaseIterable {
        case first = "0.1.0"
    }

    /// A file as it is.
    package static func url(_ name: String, of version: Version = .first) -> URL {
        Bundle.module.resourceURL!.appending(path: "Fixtures/\(version.rawValue)/\(name)")
    }

    /// The values of `<name>.jsonl`, byte for byte.
    package static func values(_ name: String, of version: Version = .first) throws -> [Data] {
        try Data(contentsOf: url("\(name).jsonl", of: version)).split(separator: UInt8(ascii: "\n")).map { Data($0) }
    }

    /// A copy of the SQLite file in a directory that may be written.
    package static func copyDatabase(to directory: URL, of version: Version = .first) throws -> URL {
        let copy = directory.appending(path: "store.db")
        try FileManager.default.copyItem(at: url("store.db", of: version), to: copy)
        return copy
    }
}
