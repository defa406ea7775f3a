import Foundation
import Glibc
import Testing

/// A file system of a few megabytes, and a file that fills what is left of it.
struct SmallDisk: Sendable {
    static let size = "8m"

    let path: String
    private let bench: Bench

    private var filler: String { "\(path)/filler" }

    /// Mounts one while `body` runs; false where that is not allowed.
    static func mount(_ bench: Bench, _ body: (SmallDisk) async throws -> Void) async throws -> Bool {
        let path = bench.path("disk")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let mounted = try await bench.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(size)", "tmpfs", path])
        guard mounted.code == 0 else { return false }
        // Lazily: it goes away when the processes that use it are ended.
        defer { _ = umount2(path, Int32(MNT_DETACH)) }
        try await body(SmallDisk(path: path, bench: bench))
        return true
    }

    /// Takes all the room that is left, down to the last page.
    func fill() async throws {
        let script = "dd if=/dev/zero of=\"$1\" bs=4096 2>/dev/null; test $(df --output=avail \"$1\" | tail -1) -eq 0"
        let filled = try await bench.run("/bin/sh", ["-c", script, "sh", filler])
        #expect(filled.code == 0, "\(filled)")
    }

    func empty() throws {
        try FileManager.default.removeItem(atPath: filler)
    }
}
