/// One step of the tables' history. Only ever added; one that has shipped is never changed.
struct Migration: Sendable {
    /// From 1, without gaps.
    var version: Int
    var name: String
    /// The oldest version of these tables that a running server may have been made for and still work with them: a
    /// migration only adds, so that old and new servers can run side by side while they are replaced.
    var oldestServer: Int
    var script: String

    /// All of them, oldest first.
    static let all = [Migration.first, .transitions]

    static var newest: Migration { all[all.count - 1] }

    /// FNV-1a with 128 bits over the script's bytes, hexadecimal: tells that a migration was changed after it had run.
    var checksum: String {
        var hash: UInt128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D
        for byte in script.utf8 { hash = (hash ^ UInt128(byte)) &* 0x0000_0000_0100_0000_0000_0000_0000_013B }
        return String(hash, radix: 16)
    }
}
