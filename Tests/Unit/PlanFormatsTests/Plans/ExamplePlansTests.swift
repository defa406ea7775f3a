import Analysis
import Foundation
import PlanFormats
import Testing

@Suite("Example plans") struct ExamplePlansTests {
    private static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("examples/plans").path

    @Test("Every example is a plan") func examples() throws {
        let plans = try PlanDirectory.load(Self.directory, reader: PlanReader()).plans
        #expect(Set(plans.map(\.plan.name)).isSuperset(of: ["web-service", "conditions", "before-after", "kayenta"]))
    }

    @Test("Examples warn of nothing") func warnings() throws {
        for document in try PlanDirectory.load(Self.directory, reader: PlanReader()).plans {
            #expect(PlanWarnings.warnings(for: document).isEmpty, "\(document.file)")
        }
    }
}
