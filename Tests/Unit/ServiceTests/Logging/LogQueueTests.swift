import Testing

@testable import Service

@Suite struct LogQueueTests {
    private let notice: (Int) -> String = { "lost \($0)\n" }

    private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    @Test func keepsLinesInOrder() {
        var queue = LogQueue()
        queue.add("one\n".utf8)
        queue.add("two\n".utf8)
        #expect(text(queue.take(notice: notice)) == "one\ntwo\n")
        #expect(queue.take(notice: notice) == nil)
    }

    @Test func dropsWhatHasNoRoomAndSaysSoOnce() {
        var queue = LogQueue()
        let line = String(repeating: "x", count: LogQueue.maximumBytes / 2 - 1) + "\n"
        for _ in 0..<4 { queue.add(line.utf8) }
        #expect(queue.dropped == .init(full: 2))
        #expect(text(queue.take(notice: notice)) == line + line + "lost 2\n")
        queue.written()
        #expect(queue.take(notice: notice) == nil)
        #expect(queue.dropped == .init(full: 2))
    }

    /// The line about what was lost would be lost as well.
    @Test func saysWhatWasLostWhenWritingWorksAgain() {
        var queue = LogQueue()
        queue.add("one\ntwo\nthree\n".utf8)
        let taken = queue.take(notice: notice) ?? []
        // In the middle of the second line.
        queue.failed(taken, after: 6)
        #expect(queue.dropped == .init(failed: 2))
        #expect(queue.take(notice: notice) == nil)
        queue.add("four\n".utf8)
        // The rest of the second line will not come.
        #expect(text(queue.take(notice: notice)) == "\nfour\n")
        queue.written()
        #expect(text(queue.take(notice: notice)) == "lost 2\n")
        queue.written()
        queue.add("five\n".utf8)
        #expect(text(queue.take(notice: notice)) == "five\n")
    }
}
