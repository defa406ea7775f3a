import Foundation
import Testing

@testable import Judging

@Suite struct MetricReasonTests {
    @Test func readsAsKayentaWritesIt() {
        #expect(MetricReason.missingData(for: "m").text == "Missing data for m")
        #expect(MetricReason.classified("m", as: .high, isCritical: false).text == "m was classified as High")
        #expect(
            MetricReason.classified("m", as: .low, isCritical: true).text
                == "The metric m was classified as Low (Critical)"
        )
    }

    @Test func isEqualToWhatReadsTheSame() {
        #expect(MetricReason.classified("m", as: .low, isCritical: false) == "m was classified as Low")
        #expect(MetricReason.missingData(for: "m") != MetricReason.missingData(for: "n"))
    }

    @Test func isItsTextAsJSON() throws {
        let reason = MetricReason.missingData(for: "m")
        let json = try JSONEncoder().encode([reason])
        #expect(String(decoding: json, as: UTF8.self) == "[\"Missing data for m\"]")
        #expect(try JSONDecoder().decode([MetricReason].self, from: json) == [reason])
    }
}
