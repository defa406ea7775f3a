import Analysis
import Concurrency
import Engine
import PlanFormats
import Store
import Web

/// The plans of a test server, and what judges and tries them there.
struct TestPlans {
    var text = TestPlans.plan("shop", applications: ["shop"])
    /// What is wrong with the files as they are now.
    var refused: PlanFileErrors?
    /// Of plans that callers bring along; nil where none is accepted.
    var limits: EventPlanLimits? = EventPlanLimits(minimumLifetime: .seconds(60))
    var mostWaiting = PastAnalysisKeeper.mostWaiting
    var trial: PlanServices.Trial = { plan, release in
        TriedPlan(
            plan: plan.name,
            window: TimeWindow(start: Timestamp(milliseconds: 0), end: Timestamp(milliseconds: 60_000)),
            isGood: true,
            answers: [
                TriedPlan.Answer(
                    metric: release.application ?? "none",
                    side: "control",
                    series: 1,
                    samples: 60,
                    hasHistory: true,
                    answer: "ok",
                    isGood: true
                )
            ],
            outlooks: [],
            outage: nil
        )
    }

    static let loadedAt = Timestamp(milliseconds: 1_772_359_200_000)

    /// A plan of the judge of windows, in YAML.
    static func plan(_ name: String, applications: [String] = []) -> String {
        """
        apiVersion: assay.dev/v1
        kind: AnalysisPlan
        name: \(name)
        match:
          applications: [\(applications.joined(separator: ", "))]
        judge: NetflixACAJudge-v1.0
        scopes:
          control:
            labels: {track: stable}
          experiment:
            labels: {track: canary}
        schedule:
          step: 10s
          interval: 1m
          lifetime: 5m
          warmup: 1m
        metrics:
          - name: errors
            query: sum(rate(errors{${scope}}[1m]))
            direction: increase
        """
    }

    private struct Library: PlanLibrary {
        let shelf: PlanShelf

        func plan(for event: DeployEvent) throws(PlanUnavailable) -> AnalysisPlan {
            do throws(PlanSelectionError) { return try shelf.directory.plan(for: event) } catch {
                throw PlanUnavailable(reason: error.description)
            }
        }
    }

    func services(_ store: any Store, _ clock: any EngineClock) throws -> PlanServices {
        let reader = PlanReader()
        let directory = try PlanDirectory(plans: try reader.read(text, file: "plans/shop.yaml"), reader: reader)
        let library = Library(shelf: PlanShelf(directory, loadedAt: Self.loadedAt, refused: refused))
        let inlinePlans = InlinePlans(reader, limits: limits)
        return PlanServices(
            catalog: library,
            inlinePlans: inlinePlans,
            past: PastWindowDesk(
                plans: library,
                inlinePlans: inlinePlans,
                store: store,
                work: WakeSignal(),
                clock: clock,
                mostWaiting: mostWaiting
            ),
            trial: trial
        )
    }
}
