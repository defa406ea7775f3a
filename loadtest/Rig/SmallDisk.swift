import Foundation
import Processes

/// A file system in memory, of its own and small enough to be filled.
package struct SmallDisk: Sendable {
    package let path: String
    private let rig: TestRig

    private var ballast: String { "\(path)/ballast" }

    /// Mounted by a process that unmounts it when it is ended, as all processes are with this one.
    private static let script = """
        mount -t tmpfs -o "size=$2,mode=0711" tmpfs "$1" || exit 1
        trap 'umount -l "$1"; exit 0' HUP INT TERM
        echo mounted
        while :; do sleep 3600 & wait $!; done
        """

    /// Nil where mounting is not allowed.
    package static func mount(_ rig: TestRig, size: String = "256m") async throws -> SmallDisk? {
        let path = rig.path("disk")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let process = try rig.start("disk", "/bin/sh", ["-c", script, "sh", path, size])
        let isMounted = try await Waiting.until("the small disk is mounted") {
            if process.exit != nil { return false }
            return LogTail.lines(of: process.command.logPath, count: 1) == ["mounted"] ? true : nil
        }
        return isMounted ? SmallDisk(path: path, rig: rig) : nil
    }

    /// Takes all the room that is left, down to the last page.
    package func fill() async throws {
        let script = """
            dd if=/dev/zero of="$1" bs=1M 2>/dev/null
            dd if=/dev/zero of="$1" bs=4096 oflag=append conv=notrunc 2>/dev/null
            true
            """
        try await rig.run("fill", "/bin/sh", ["-c", script, "sh", ballast])
    }

    package func free() throws {
        try FileManager.default.removeItem(atPath: ballast)
    }
}
