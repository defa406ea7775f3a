package import Analysis
package import Concurrency
package import Store

/// Takes in what is asked of past windows: finds the plan, checks the times, and keeps the analysis that is to be made.
package struct PastWindowDesk: Sendable {
    package enum Refusal: Error, Sendable, Equatable {
        /// The request is wrong; one sentence that names the member.
        case wrong(String)
        /// As many wait as are taken in.
        case full
    }

    private let plans: any PlanSource
    private let inlinePlans: InlinePlans
    private let store: any Store
    /// Signalled when one has been taken in.
    private let work: WakeSignal
    private let clock: any EngineClock
    private let mostWaiting: Int

    package init(
        plans: any PlanSource,
        inlinePlans: InlinePlans,
        store: any Store,
        work: WakeSignal,
        clock: any EngineClock,
        mostWaiting: Int = PastAnalysisKeeper.mostWaiting
    ) {
        self.plans = plans
        self.inlinePlans = inlinePlans
        self.store = store
        self.work = work
        self.clock = clock
        self.mostWaiting = mostWaiting
    }

    /// Ids of these analyses begin with it; those of releases are hexadecimal.
    package static func newID() -> String {
        let digits = (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 16) }
        return "past-" + digits.map { String(repeating: "0", count: 16 - $0.count) + $0 }.joined()
    }

    /// Throws ``Refusal`` and `StoreError`.
    package func open(_ request: PastWindowRequest) async throws -> StoredPastAnalysis {
        let plan: AnalysisPlan
        do throws(PlanUnavailable) { plan = try await self.plan(for: request.event) } catch {
            throw Refusal.wrong(error.reason)
        }
        let now = clock.now()
        let past: PastAnalysis
        do throws(PlanError) {
            past = try request.analysis(by: plan, id: request.event.identity.id, at: now)
        } catch {
            throw Refusal.wrong("\(error)")
        }
        guard try await store.add(past, at: now, unlessWaiting: mostWaiting) else { throw Refusal.full }
        work.signal()
        return StoredPastAnalysis(past, requestedAt: now)
    }

    private func plan(for event: DeployEvent) async throws(PlanUnavailable) -> AnalysisPlan {
        guard let text = event.inlinePlan else { return try plans.plan(for: event) }
        return try await inlinePlans.read(text)
    }
}
