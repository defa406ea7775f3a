import Foundation

@testable import Kafka

/// A batch as it stands on a topic, which no client would make.
struct RawBatch {
    var codec: Int16 = 0
    var records = 1
    /// What stands where the records should be.
    var payload: [UInt8]
    var hasChecksum = true

    /// In the second version of the message format.
    var bytes: [UInt8] {
        var tail: [UInt8] = []
        tail.append(big: self.codec)
        tail.append(big: Int32(self.records - 1))
        tail.append(big: Int64(1_700_000_000_000))
        tail.append(big: Int64(1_700_000_000_000))
        tail.append(big: Int64(-1))
        tail.append(big: Int16(-1))
        tail.append(big: Int32(-1))
        tail.append(big: Int32(self.records))
        tail += self.payload
        var batch: [UInt8] = []
        batch.append(big: Int64(0))
        batch.append(big: Int32(4 + 1 + 4 + tail.count))
        batch.append(big: Int32(0))
        batch.append(2)
        batch.append(big: self.hasChecksum ? checksum(tail) : ~checksum(tail))
        return batch + tail
    }

    /// Stores it as the next batch of partition 0.
    func send(to topic: String, broker: EmbeddedBroker) async throws {
        var body: [UInt8] = []
        body.append(big: Int16(-1))
        body.append(big: Int16(1))
        body.append(big: Int32(5000))
        body.append(big: Int32(1))
        body.append(big: Int16(topic.utf8.count))
        body += topic.utf8
        body.append(big: Int32(1))
        body.append(big: Int32(0))
        body.append(big: Int32(self.bytes.count))
        body += self.bytes
        var request: [UInt8] = []
        // Produce, version 7, correlation 1, no client id.
        request.append(big: Int16(0))
        request.append(big: Int16(7))
        request.append(big: Int32(1))
        request.append(big: Int16(-1))
        request += body
        var framed: [UInt8] = []
        framed.append(big: Int32(request.count))
        let message = framed + request
        let address = broker.bootstrapServers.split(separator: ":")
        let port = UInt16(address[1]) ?? 0
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread { done.resume(with: Result { try exchange(message, port: port) }) }
        }
    }
}

/// CRC-32C.
private func checksum(_ bytes: [UInt8]) -> UInt32 {
    var value = UInt32.max
    for byte in bytes {
        value ^= UInt32(byte)
        for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0x82f6_3b78 : value >> 1 }
    }
    return ~value
}

/// Sends a request over a connection of its own, and waits for the first bytes of the answer.
private func exchange(_ message: [UInt8], port: UInt16) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let connected = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    var answer = [UInt8](repeating: 0, count: 4)
    guard connected == 0, send(descriptor, message, message.count, 0) == message.count,
        recv(descriptor, &answer, answer.count, 0) > 0
    else { throw KafkaError(code: .transport, message: "The broker did not take a raw batch.") }
}

extension [UInt8] {
    fileprivate mutating func append(big value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { self += $0 }
    }
}
