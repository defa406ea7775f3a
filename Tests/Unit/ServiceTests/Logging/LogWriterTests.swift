import Foundation
import Glibc
import HTTPTestServer
import Telemetry
import Testing

@testable import Service

@Suite struct LogWriterTests {
    /// A pipe that is not read until the test reads it. The test closes it.
    private struct Pipe {
        let reading: Int32
        let writing: Int32

        init() {
            signal(SIGPIPE, SIG_IGN)
            var ends: [Int32] = [0, 0]
            _ = pipe(&ends)
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (reading, writing) = (ends[0], ends[1])
        }

        /// Reads until `mark` has come.
        func read(until mark: String) async throws -> String {
            try await TestThread.run {
                var bytes: [UInt8] = []
                var chunk = [UInt8](repeating: 0, count: 65_536)
                while true {
                    let count = Glibc.read(reading, &chunk, chunk.count)
                    guard count > 0 else { break }
                    bytes += chunk[..<count]
                    if String(decoding: bytes, as: UTF8.self).contains(mark) { break }
                }
                return String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    private func writer(_ descriptor: Int32) -> LogWriter {
        let writer = LogWriter(descriptor: descriptor)
        writer.start { "lost \($0)\n" }
        return writer
    }

    @Test func writesLinesInOrder() async throws {
        let pipe = Pipe()
        let writer = writer(pipe.writing)
        for number in 0..<100 { writer.write("line \(number)\n") }
        let text = try await pipe.read(until: "line 99\n")
        #expect(text == (0..<100).map { "line \($0)\n" }.joined())
        #expect(writer.dropped == (0, 0))
        close(pipe.reading)
    }

    /// The caller of `write` does not wait, and hears later how many lines were dropped.
    @Test(arguments: [false, true]) func aReaderThatStallsCostsLinesOnly(isNonBlocking: Bool) async throws {
        let pipe = Pipe()
        if isNonBlocking { _ = fcntl(pipe.writing, F_SETFL, O_NONBLOCK) }
        let writer = writer(pipe.writing)
        let line = String(repeating: "x", count: 1023) + "\n"
        for _ in 0..<4096 { writer.write(line) }
        #expect(writer.dropped.full > 1024)
        let text = try await pipe.read(until: "lost ")
        #expect(text.hasPrefix(line))
        close(pipe.reading)
    }

    @Test func aReaderThatIsGoneCostsLinesOnly() async throws {
        let pipe = Pipe()
        close(pipe.reading)
        let writer = writer(pipe.writing)
        for _ in 0..<10 { writer.write("line\n") }
        try await TestThread.run { writer.flush(within: .seconds(60)) }
        #expect(writer.dropped == (0, 10))
    }

    @Test func aFullDiskCostsLinesOnly() async throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        let writer = writer(full)
        for _ in 0..<10 { writer.write("line\n") }
        try await TestThread.run { writer.flush(within: .seconds(60)) }
        #expect(writer.dropped == (0, 10))
        close(full)
    }

    @Test func lostLinesAreCounted() async throws {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        let writer = writer(full)
        let registry = MetricRegistry()
        LogMetrics.register(in: registry, of: writer)
        #expect(registry.render().contains(#"assay_log_lines_dropped_total{reason="failed"} 0"#))
        writer.write("line\n")
        try await TestThread.run { writer.flush(within: .seconds(60)) }
        #expect(registry.render().contains(#"assay_log_lines_dropped_total{reason="failed"} 1"#))
        close(full)
    }
}
