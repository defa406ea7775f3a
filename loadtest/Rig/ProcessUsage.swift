import Foundation
import Glibc

/// What the kernel says about a process.
package struct ProcessUsage: Sendable, Equatable {
    /// Processor seconds, user and system.
    package var seconds = 0.0
    /// Bytes.
    package var resident = 0
    package var peakResident = 0

    /// Nil when the process does not exist.
    package init?(of process: Int32) {
        guard let seconds = Self.seconds("/proc/\(process)/stat"),
            let status = Self.text("/proc/\(process)/status")
        else { return nil }
        self.seconds = seconds.own
        for line in status.split(separator: "\n") {
            if line.hasPrefix("VmRSS:") { resident = Self.bytes(line) }
            if line.hasPrefix("VmHWM:") { peakResident = Self.bytes(line) }
        }
    }

    /// Processor seconds of a process, of its children that have ended, and of those that run.
    package static func secondsWithChildren(of process: Int32) -> Double {
        guard let own = seconds("/proc/\(process)/stat") else { return 0 }
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap(Int32.init).reduce(own.own + own.ended) { sum, id in
            guard let other = seconds("/proc/\(id)/stat"), other.parent == process else { return sum }
            return sum + other.own
        }
    }

    /// Processor seconds of this process' threads that have not ended, by the threads' names.
    package static func secondsOfOwnThreads() -> [String: Double] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return threads.reduce(into: [:]) { sums, id in
            guard let name = text("/proc/self/task/\(id)/comm"), let used = seconds("/proc/self/task/\(id)/stat") else {
                return
            }
            sums[String(name.prefix { $0 != "\n" }), default: 0] += used.own
        }
    }

    private static let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))

    /// By proc(5): the name in parentheses may hold blanks; the fields are counted from behind it.
    private static func seconds(_ path: String) -> (own: Double, ended: Double, parent: Int32)? {
        guard let text = text(path), let name = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: name)...].split(separator: " ")
        guard fields.count > 14 else { return nil }
        func seconds(_ index: Int) -> Double { (Double(fields[index]) ?? 0) / ticks }
        return (seconds(11) + seconds(12), seconds(13) + seconds(14), Int32(fields[1]) ?? 0)
    }

    private static func bytes(_ line: Substring) -> Int {
        (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
