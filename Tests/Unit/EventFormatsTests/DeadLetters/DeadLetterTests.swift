import EventFormats
import Testing

/// What is set aside always fits.
@Suite struct DeadLetterTests {
    private let added = [
        "dlq.original.topic", "dlq.original.partition", "dlq.original.offset", "dlq.error.class", "dlq.error.message",
        "dlq.attempt", "dlq.service.version", "dlq.original.timestamp",
    ]

    private func letter(key: Int, value: Int, header: Int, oversize: Int? = nil, time: Int64? = 7) -> DeadLetter {
        DeadLetter(
            origin: DeadLetter.Origin(topic: "t", partition: 1, offset: 2, timestampMilliseconds: time),
            record: DeadLetter.Content(
                key: [UInt8](repeating: 1, count: key),
                value: [UInt8](repeating: 2, count: value),
                headers: [
                    EventHeader(name: "a", value: [3]),
                    EventHeader(name: "b", value: [UInt8](repeating: 4, count: header)),
                ]
            ),
            oversize: oversize,
            reason: "badJSON",
            message: String(repeating: "x", count: 2000)
        )
    }

    @Test func aRecordThatFitsIsLeftAsItIs() {
        let letter = letter(key: 10, value: 20, header: 5)
        let content = letter.content(version: "1", maximumBytes: 38)
        #expect(content.key == letter.record.key && content.value == letter.record.value)
        #expect(Array(content.headers.prefix(2)) == letter.record.headers)
        #expect(content.headers.dropFirst(2).map(\.name) == added)
        let texts = content.headers.dropFirst(2).map { String(decoding: $0.value ?? [], as: UTF8.self) }
        #expect(texts == ["t", "1", "2", "badJSON", String(repeating: "x", count: 1000), "1", "1", "7"])
    }

    @Test func aRecordWithoutATimeSaysNone() {
        let content = letter(key: 1, value: 1, header: 1, time: nil).content(version: "1")
        #expect(content.headers.dropFirst(2).map(\.name) == added.dropLast())
    }

    @Test(arguments: [
        (key: 10, value: 1000, header: 5, kept: (10, 100, 2)),
        (key: 1000, value: 10, header: 5, kept: (100, 10, 2)),
        (key: 10, value: 10, header: 1000, kept: (10, 10, 1)),
        (key: 1000, value: 1000, header: 1000, kept: (100, 100, 1)),
    ])
    func theLargePartsAreCutAndTheSizeIsSaid(
        key: Int,
        value: Int,
        header: Int,
        kept: (key: Int, value: Int, headers: Int)
    ) {
        let content = letter(key: key, value: value, header: header).content(version: "1", maximumBytes: 400)
        #expect(content.key?.count == kept.key)
        #expect(content.value?.count == kept.value)
        #expect(content.headers.count == kept.headers + added.count + 1)
        #expect(content.headers.last == EventHeader("dlq.original.size", "\(key + value + header + 3)"))
    }

    @Test func aRecordThatWasCutWhenItWasReadKeepsItsTrueSize() {
        let letter = letter(key: 1, value: 10, header: 1, oversize: 5_000_000)
        let content = letter.content(version: "1")
        #expect(content.value == letter.record.value)
        #expect(content.headers.last == EventHeader("dlq.original.size", "5000000"))
    }
}
