import Analysis
import Testing

@Suite struct TimestampTests {
    private static let end = Timestamp(milliseconds: .max)
    private static let start = Timestamp(milliseconds: .min)

    @Test func arithmetic() {
        let time = Timestamp(milliseconds: 1000)
        #expect(time + .seconds(2) == Timestamp(milliseconds: 3000))
        #expect(time - .seconds(2) == Timestamp(milliseconds: -1000))
        #expect((time + .milliseconds(5)).since(time) == .milliseconds(5))
        #expect(time.since(time + .seconds(1)) == .seconds(-1))
        #expect(time < time + .milliseconds(1))
    }

    @Test("The ends hold instead of trapping") func saturation() {
        #expect(Self.end + .seconds(1) == Self.end)
        #expect(Self.start - .seconds(1) == Self.start)
        #expect(Self.start + .seconds(-1) == Self.start)
        #expect(Self.end - .seconds(-1) == Self.end)
        #expect(Self.end.since(Self.start) == .milliseconds(Int64.max))
        #expect(Self.start.since(Self.end) == .milliseconds(Int64.min))
        #expect(Self.end + .seconds(Int64.max) == Self.end)
    }
}
