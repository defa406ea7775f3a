import Analysis
import Testing

@Suite("Duration as compact text") struct DurationTextTests {
    @Test(
        arguments: [
            ("0s", 0), ("1ms", 1), ("250ms", 250), ("90s", 90_000), ("5m", 300_000), ("1h30m", 5_400_000),
            ("2d", 172_800_000), ("1d2h3m4s5ms", 93_784_005), ("0h5m", 300_000), ("007s", 7000),
            ("106751991167d", 9_223_372_036_828_800_000),
        ])
    func parses(text: String, milliseconds: Int64) {
        #expect(Duration(compactText: text)?.milliseconds == milliseconds)
    }

    @Test(
        arguments: [
            "", "s", "5", "5 s", " 5s", "5s ", "-5s", "+5s", "1.5s", "5S", "5sec", "5min", "1w", "5m5m", "5s1m", "1h1d",
            "m5", "1h30", "٥s", "5\u{301}s", "5s\u{301}", "²s", "9223372036854775807s", "99999999999999999999s",
            "106751991168d", "000000000000000000000000000000001s", "1h,30m", "five",
        ])
    func refuses(text: String) {
        #expect(Duration(compactText: text) == nil)
    }

    @Test(
        arguments: [
            (Duration.zero, "0s"), (.milliseconds(1), "1ms"), (.seconds(60), "1m"), (.seconds(5400), "1h30m"),
            (.milliseconds(90_061_001), "1d1h1m1s1ms"), (.seconds(-90), "-1m30s"), (.microseconds(999), "0s"),
        ])
    func writes(duration: Duration, text: String) {
        #expect(duration.compactText == text)
    }

    @Test("What is written is read again", arguments: [1, 999, 1000, 61_000, 86_399_999, 1_000_000_007] as [Int64])
    func roundTrip(milliseconds: Int64) {
        let duration = Duration.milliseconds(milliseconds)
        #expect(Duration(compactText: duration.compactText) == duration)
    }

    @Test("Milliseconds hold at their ends")
    func saturation() {
        #expect(Duration.seconds(Int64.max).milliseconds == .max)
        #expect(Duration.seconds(Int64.min).milliseconds == .min)
        #expect(Duration.seconds(Int64.min).compactText.hasPrefix("-"))
        #expect(Duration.milliseconds(1500).seconds == 1.5)
    }
}
