import SeededRandom
import Testing

@testable import Judging

@Suite("The effect over the looks")
struct EffectTrailTests {
    private static func point(_ look: Int, ratio: Double = 1.5) -> EffectPoint {
        EffectPoint(look: look, ratio: ratio, lower: ratio / 2, upper: ratio * 2, evidence: Double(look) / 10)
    }

    private static func trail(_ looks: some Sequence<Int>) -> EffectTrail {
        var trail = EffectTrail()
        for look in looks { trail.record(point(look)) }
        return trail
    }

    private static func decoded(_ trail: EffectTrail) throws -> EffectTrail {
        var writer = StateWriter(.metric, room: 2000)
        trail.write(to: &writer)
        var reader = try StateReader(writer.bytes, .metric)
        defer { #expect(throws: Never.self) { try reader.end() } }
        return try EffectTrail(from: &reader)
    }

    @Test("Up to 60 looks are all there", arguments: [0, 1, 59, 60])
    func whole(count: Int) {
        #expect(Self.trail(1..<count + 1).points.map(\.look) == Array(1..<count + 1))
    }

    @Test("Of more, at most 60 evenly spread ones, the last among them", arguments: [61, 119, 120, 121, 1000, 100_000])
    func thinned(count: Int) throws {
        let looks = Self.trail(1...count).points.map(\.look)
        #expect(looks.count <= 60 && looks.count > 29, "\(looks.count)")
        #expect(looks.last == count)
        let distances = Set(zip(looks, looks.dropFirst()).map { $1 - $0 }.dropLast())
        #expect(distances.count == 1, "\(distances)")
    }

    @Test("Where looks were missed the rest is thinned as well")
    func missed() {
        let looks = Self.trail((1...500).map { 2 * $0 - 1 }).points.map(\.look)
        #expect(looks.count > 29 && looks.last == 999)
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<50 {
            var look = 0
            let taken = (0..<300).map { _ in
                look += 1 + Int(generator.next() % 9)
                return look
            }
            let kept = Self.trail(taken).points.map(\.look)
            #expect(kept.count <= 60 && kept.last == taken.last && Set(kept).isSubset(of: taken))
        }
    }

    @Test("A look that is taken again takes the place of its first try, an earlier one none")
    func again() {
        var trail = Self.trail([1, 2])
        trail.record(Self.point(2, ratio: 3))
        trail.record(Self.point(1, ratio: 9))
        #expect(trail.points == [Self.point(1), Self.point(2, ratio: 3)])
        trail.record(EffectPoint(look: 3, ratio: .nan, lower: 1, upper: 1, evidence: 0))
        trail.record(Self.point(0))
        #expect(trail.count == 2)
    }

    @Test("Stored in between, it is the same to the bit", arguments: [7, 60, 61, 200])
    func stored(count: Int) throws {
        var stored = EffectTrail()
        for look in 1...count {
            stored = try Self.decoded(stored)
            stored.record(Self.point(look, ratio: 1.0 + 1 / Double(look)))
        }
        var whole = EffectTrail()
        for look in 1...count { whole.record(Self.point(look, ratio: 1.0 + 1 / Double(look))) }
        #expect(stored == whole)
        #expect(try Self.decoded(whole) == whole)
    }

    @Test("Numbers without bounds are cut off, and shown to four decimals")
    func numbers() throws {
        var trail = EffectTrail()
        trail.record(EffectPoint(look: 1, ratio: 1.23456789, lower: 0, upper: .infinity, evidence: -.infinity))
        let point = try #require(trail.points.first)
        #expect(point.ratio == 1.2346 && point.upper == 1e9 && point.evidence == -1e9)
        #expect(try Self.decoded(trail) == trail)
    }

    @Test("What is no trail is refused")
    func refused() {
        #expect(EffectTrail(numbers: [1, 1, 1, 1], stride: 1) == nil)
        #expect(EffectTrail(numbers: [2, 1, 1, 1, 1, 1, 1, 1, 1, 1], stride: 1) == nil)
        #expect(EffectTrail(numbers: [1, .nan, 1, 1, 1], stride: 1) == nil)
        #expect(EffectTrail(numbers: [1.5, 1, 1, 1, 1], stride: 1) == nil)
        #expect(EffectTrail(numbers: [1e30, 1, 1, 1, 1], stride: 1) == nil)
        #expect(EffectTrail(numbers: [1, 1, 1, 1, 1], stride: 0) == nil)
    }
}
