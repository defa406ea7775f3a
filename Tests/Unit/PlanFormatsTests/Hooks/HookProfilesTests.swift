import Analysis
import EventFormats
import PlanFormats
import Testing

@Suite struct HookProfilesTests {
    private static let good = """
        apiVersion: assay.dev/v1
        kind: HookProfile
        hook: flagger
        match:
          applications: ["pod*"]
          namespaces: [test]
        set:
          environment: production
          cluster: eu
        control: {labels: {app: "${name}-primary"}}
        experiment: {labels: {app: "${name}"}}
        ---
        apiVersion: assay.dev/v1
        kind: HookProfile
        hook: github
        set: {environment: "${deployment.environment}"}
        control: {before: 1h}
        """

    @Test func aFileHoldsProfilesInTheirOrder() throws {
        let profiles = try HookProfiles.read(Self.good, file: "hooks.yaml")
        #expect(profiles.map(\.format) == [.flagger, .github])
        #expect(profiles[0].applications == ["pod*"] && profiles[0].namespaces == ["test"])
        #expect(profiles[0].set == [.environment: HookTemplate("production")!, .cluster: HookTemplate("eu")!])
        #expect(profiles[0].control == .labels(["app": HookTemplate("${name}-primary")!]))
        #expect(profiles[0].experiment == ["app": HookTemplate("${name}")!])
        #expect(profiles[1].control == .before(.seconds(3600)) && profiles[1].experiment == nil)
    }

    @Test(arguments: [
        ("kind: HookProfile", "kind: AnalysisPlan", "kind"), ("hook: flagger", "hook: flager", "hook"),
        ("cluster: eu", "clustr: eu", "set.clustr"), ("environment: production", "environment: ${", "environment"),
        ("hook: flagger", "", "hook"), ("{before: 1h}", "{before: soon}", "before"),
        ("{before: 1h}", "{}", "control"), ("apiVersion: assay.dev/v1", "apiVersion: v2", "apiVersion"),
        ("{before: 1h}", "{before: 0s}", "before"), ("{before: 1h}", "{before: 200d}", "before"),
        ("{labels: {app: \"${name}-primary\"}}", "{labels: {a-b: x}}", "control.labels"),
        ("{labels: {app: \"${name}-primary\"}}", "{labels: {}}", "control.labels"),
        ("cluster: eu", "cluster: \"\"", "set.cluster"), ("cluster: eu", "cluster: \"a\\nb\"", "set.cluster"),
        ("experiment: {labels: {app: \"${name}\"}}", "experiment: {}", "experiment"),
    ])
    func whatIsWrongIsSaidAtItsPlace(part: String, change: String, field: String) {
        let text = Self.good.replacing(part, with: change, maxReplacements: 1)
        #expect(text != Self.good)
        do throws(PlanFileErrors) {
            _ = try HookProfiles.read(text, file: "hooks.yaml")
            Issue.record("\(change) was read")
        } catch {
            #expect(error.errors.contains { $0.field.contains(field) && $0.line > 0 }, "\(error)")
        }
    }

    @Test(arguments: ["", "# nothing", "- a", "7", "a: ["]) func whatHoldsNoProfile(text: String) {
        #expect(throws: PlanFileErrors.self) { try HookProfiles.read(text, file: "hooks.yaml") }
    }
}
