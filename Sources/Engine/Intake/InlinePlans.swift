package import Analysis
package import Concurrency
package import PlanFormats

/// Reads plans that a sender brings along, on a thread of its own, one after another: they are what costs most to read.
package struct InlinePlans: Sendable {
    private let reader: PlanReader
    private let limits: EventPlanLimits?
    private let thread: SerialThread?

    /// Without `limits` none is accepted. Without `thread` they are read where the caller is.
    package init(_ reader: PlanReader, limits: EventPlanLimits?, thread: SerialThread? = nil) {
        self.reader = reader
        self.limits = limits
        self.thread = thread
    }

    /// Throws what is wrong with it, with its place in the text, or which limit of such plans it breaks.
    package func read(_ text: String) async throws(PlanUnavailable) -> AnalysisPlan {
        let plan = try await readForTrial(text)
        if let problem = limits?.problem(of: plan) { throw PlanUnavailable(reason: "plan: \(problem)") }
        return plan
    }

    /// The same for one that judges nothing: whatever may stand in the directory.
    package func readForTrial(_ text: String) async throws(PlanUnavailable) -> AnalysisPlan {
        guard limits != nil else {
            throw PlanUnavailable(
                reason: "plan: plans of callers are not accepted here (plans.fromEvents): name one with planName"
            )
        }
        let read = await document(text) { (reader) throws(PlanFileErrors) in
            try reader.readInline(text, file: "plan").plan
        }
        switch read {
        case .success(let plan): return plan
        case .failure(let errors): throw PlanUnavailable(reason: errors.line)
        }
    }

    /// Every plan of a text, and what is wrong with it.
    package func documents(of text: String) async -> Result<[PlanDocument], PlanFileErrors> {
        await document(text) { (reader) throws(PlanFileErrors) in try reader.read(text, file: "plan") }
    }

    private func document<Value: Sendable>(
        _ text: String,
        _ read: @escaping @Sendable (PlanReader) throws(PlanFileErrors) -> Value
    ) async -> Result<Value, PlanFileErrors> {
        let work: @Sendable () -> Result<Value, PlanFileErrors> = { [reader] in
            do throws(PlanFileErrors) { return .success(try read(reader)) } catch { return .failure(error) }
        }
        guard let thread else { return work() }
        return await thread.run(work)
    }
}
