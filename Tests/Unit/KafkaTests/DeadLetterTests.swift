import Kafka
import Testing

@Suite("What is set aside always fits")
struct DeadLetterTests {
    private func record(key: Int, value: Int, header: Int, oversize: Int? = nil) -> KafkaRecord {
        KafkaRecord(
            topic: "t",
            partition: 1,
            offset: 2,
            key: [UInt8](repeating: 1, count: key),
            value: [UInt8](repeating: 2, count: value),
            headers: [
                KafkaHeader(key: "a", value: [3]),
                KafkaHeader(key: "b", value: [UInt8](repeating: 4, count: header)),
            ],
            oversize: oversize
        )
    }

    @Test("A record that fits is left as it is")
    func fits() {
        let record = record(key: 10, value: 20, header: 5)
        let message = KafkaMessage.deadLetter(record, topic: "dead", added: [("why", "x")], maximumBytes: 38)
        #expect(message.topic == "dead")
        #expect(message.key == record.key)
        #expect(message.value == record.value)
        #expect(message.headers == record.headers + [KafkaHeader(key: "why", value: Array("x".utf8))])
    }

    @Test(
        "The large parts are cut, and the size is said",
        arguments: [
            (key: 10, value: 1000, header: 5, kept: (10, 100, 2)),
            (key: 1000, value: 10, header: 5, kept: (100, 10, 2)),
            (key: 10, value: 10, header: 1000, kept: (10, 10, 1)),
            (key: 1000, value: 1000, header: 1000, kept: (100, 100, 1)),
        ]
    )
    func cut(key: Int, value: Int, header: Int, kept: (key: Int, value: Int, headers: Int)) {
        let record = record(key: key, value: value, header: header)
        let message = KafkaMessage.deadLetter(record, topic: "dead", added: [("why", "x")], maximumBytes: 400)
        #expect(message.key?.count == kept.key)
        #expect(message.value?.count == kept.value)
        #expect(message.headers.count == kept.headers + 2)
        let size = "\(key + value + header + 3)"
        #expect(message.headers.last == KafkaHeader(key: "dlq.original.size", value: Array(size.utf8)))
    }

    @Test("A record that was cut when it was read keeps its true size")
    func oversize() {
        let record = record(key: 1, value: 10, header: 1, oversize: 5_000_000)
        let message = KafkaMessage.deadLetter(record, topic: "dead", added: [])
        #expect(message.value == record.value)
        #expect(message.headers.last == KafkaHeader(key: "dlq.original.size", value: Array("5000000".utf8)))
    }
}
