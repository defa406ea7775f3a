import Analysis
import SeededRandom
import StoredFormats
import Testing

@Suite struct SampleBlockCodecTests {
    private func randomBlocks(_ random: inout SeededGenerator) -> [SampleBlock] {
        (0..<Int.random(in: 0...5, using: &random)).map { _ in
            SampleBlock(
                session: "a",
                metric: Int.random(in: 0...1000, using: &random),
                side: Bool.random(using: &random) ? .control : .experiment,
                first: Timestamp(milliseconds: Int64.random(in: -10_000...4_000_000_000_000, using: &random)),
                step: .milliseconds(Int64.random(in: 1...86_400_000, using: &random)),
                values: (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    Double(bitPattern: UInt64.random(in: .min ... .max, using: &random))
                }
            )
        }
    }

    @Test func randomBlocksComeBackBitByBit() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            let blocks = self.randomBlocks(&random)
            let decoded = try SampleBlockCodec.decode(SampleBlockCodec.encode(blocks), session: "a")
            #expect(decoded.map(\.metric) == blocks.map(\.metric))
            #expect(decoded.map(\.side) == blocks.map(\.side))
            #expect(decoded.map(\.first) == blocks.map(\.first))
            #expect(decoded.map(\.step) == blocks.map(\.step))
            #expect(decoded.map { $0.values.map(\.bitPattern) } == blocks.map { $0.values.map(\.bitPattern) })
        }
    }

    /// They are refused as damaged, or they are the bytes of other blocks.
    @Test func damagedBytesNeverTrap() throws {
        var random = SeededGenerator(seed: 5)
        for round in 0..<20_000 {
            var bytes = round.isMultiple(of: 2) ? SampleBlockCodec.encode(self.randomBlocks(&random)) : [1]
            if round.isMultiple(of: 2) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = UInt8.random(in: 0...255, using: &random)
                if Bool.random(using: &random) { bytes.removeLast(place / 2) }
            } else {
                bytes += (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
            }
            do throws(FormError) {
                let decoded = try SampleBlockCodec.decode(bytes, session: "a")
                let again = try SampleBlockCodec.decode(SampleBlockCodec.encode(decoded), session: "a")
                #expect(again.map { $0.values.map(\.bitPattern) } == decoded.map { $0.values.map(\.bitPattern) })
                #expect(again.map(\.first) == decoded.map(\.first))
            } catch {
                #expect(error.code == .malformed)
            }
        }
    }

    @Test(arguments: [[], [0], [2, 0], [1], [1, 1], [1, 0, 0]] as [[UInt8]])
    func whatIsNoBlockIsRefused(bytes: [UInt8]) {
        #expect(throws: FormError.self) { try SampleBlockCodec.decode(bytes, session: "a") }
    }
}
