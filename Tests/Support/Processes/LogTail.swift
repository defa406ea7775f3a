import Foundation

/// The end of a log file, for a person to whom something went wrong.
package enum LogTail {
    static let maximumBytes: UInt64 = 16 << 10

    /// The last lines of at most 16 KiB; empty when there is no such file.
    package static func lines(of path: String, count: Int) -> [String] {
        guard let file = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? file.close() }
        guard let size = try? file.seekToEnd() else { return [] }
        guard (try? file.seek(toOffset: size > maximumBytes ? size - maximumBytes : 0)) != nil,
            let data = try? file.readToEnd()
        else { return [] }
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
        return Array(lines.suffix(max(0, count)))
    }

    /// The rest of the first line that begins with `prefix`, among the first 64 KiB; nil when there is none yet.
    package static func value(after prefix: String, in path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let data = try? file.read(upToCount: 64 << 10) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        // Only whole lines: the last one may still be being written.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        return lines.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
}
