import EventFormats
import Testing

@Suite("Damaged events") struct DamagedEventTests {
    @Test("No damage traps", arguments: ["deploy-full", "deploy-inline-plan", "verdict-interim", "rollout-abort"])
    func damage(name: String) throws {
        var state: UInt64 = 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        let record = CloudEventKafkaBinding.structured(try EventDocuments.event(name))
        let value = try #require(record.value)
        let alphabet = Array("{}[]:,\"\\0-1.eE+nult \n".utf8) + [0, 0x7F, 0xC3, 0xED, 0xFF]
        var read = 0
        for _ in 0..<1000 {
            var bytes = value
            for _ in 0...next(2) {
                let index = next(bytes.count)
                switch next(3) {
                case 0: bytes[index] = alphabet[next(alphabet.count)]
                case 1: bytes.insert(alphabet[next(alphabet.count)], at: index)
                default: bytes.removeSubrange(index..<min(bytes.count, index + 1 + next(8)))
                }
            }
            guard let event = try? CloudEventKafkaBinding.decode(value: bytes, headers: record.headers) else {
                continue
            }
            read += 1
            _ = DeployEventDecoder.decode(event)
            _ = try? VerdictEvent.decode(event)
            _ = try? RolloutEvent.decode(event)
        }
        #expect((1..<1000).contains(read))
    }
}
