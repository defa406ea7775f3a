import Foundation
import Service
import Testing

@testable import assay

/// The generated parts of the documentation are the program's own output.
@Suite struct ReferenceTests {
    private func page(_ name: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent("docs/\(name)"), encoding: .utf8)
    }

    @Test func `docs/settings.md holds the output of assay settings`() throws {
        #expect(try page("settings.md").contains(SettingsCommand.markdown))
    }

    @Test func `docs/operating.md holds the output of assay metrics`() throws {
        #expect(try page("operating.md").contains(MetricsReference.markdown))
    }

    @Test func `docs/plans.md holds the output of assay plan-keys`() throws {
        #expect(try page("plans.md").contains(PlanReference.markdown))
    }

    @Test func `docs/reference/exit-codes.md holds the output of assay exit-codes`() throws {
        #expect(try page("reference/exit-codes.md").contains(ExitCodeReference.markdown))
    }
}
