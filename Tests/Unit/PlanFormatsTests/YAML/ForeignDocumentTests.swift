import PlanFormats
import Testing

/// Files of other tools are named, instead of being read as plans with many faults.
@Suite struct ForeignDocumentTests {
    @Test(arguments: [
        ("apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplate\nspec: {metrics: []}", "an Argo AnalysisTemplate"),
        ("apiVersion: argoproj.io/v1alpha1\nkind: Rollout", "an Argo Rollout"),
        ("apiVersion: flagger.app/v1beta1\nkind: Canary\nspec: {}", "a Flagger Canary"),
        ("apiVersion: flagger.app/v1beta1\nkind: MetricTemplate", "a Flagger MetricTemplate"),
        ("spec_version: '1.0'\nobjectives: [{sli: a}]", "a Keptn SLO file"),
        ("apiVersion: metrics.keptn.sh/v1\nkind: AnalysisDefinition", "a Keptn AnalysisDefinition"),
        ("apiVersion: openslo/v1\nkind: SLO", "an OpenSLO SLO"),
        ("groups:\n  - name: g\n    rules: []", "a file of Prometheus rules"),
        (
            #"{"name": "c", "applications": ["a"], "metrics": [{"name": "m", "query": {"type": "prometheus"}, "scopeName": "default"}], "classifier": {}}"#,
            "a Kayenta canary config"
        ),
        (
            #"{"name": "c", "metrics": [{"name": "m", "query": {"type": "atlas", "q": "x"}}]}"#,
            "a Kayenta canary config"
        ),
        (#"{"canaryConfig": {}, "executionRequest": {}}"#, "a request to Kayenta with a canary config"),
    ])
    func isNamed(_ text: String, kind: String) throws {
        let error = #expect(throws: PlanFileErrors.self) { try PlanReader().read(text, file: "f.yaml") }
        #expect(error?.errors.count == 1)
        #expect(
            error?.errors.first?.problem
                == "is \(kind); Assay does not read those yet: docs/from-kayenta.md says how its parts become a plan"
        )
    }

    @Test(
        "A plan with faults is still a plan",
        arguments: [
            "apiVersion: assay.dev/v2\nname: p", "kind: Canary\nname: p", "name: p\nmetrics: [{name: m, query: [x]}]",
            "metrics: 5",
        ]
    )
    func isNone(_ text: String) {
        let error = #expect(throws: PlanFileErrors.self) { try PlanReader().read(text, file: "f.yaml") }
        #expect(error?.errors.contains { $0.problem.contains("does not read those yet") } == false)
    }
}
