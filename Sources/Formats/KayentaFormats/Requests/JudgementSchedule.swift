package import Analysis
import Text

/// When the judgements of an analysis are, and over which windows: Kayenta's `SetupAndExecuteCanariesStage`. Of several
/// scopes the start, end and step of the first count.
package struct JudgementSchedule: Sendable, Equatable {
    static let mostJudgements = 1000

    private let request: CanaryAnalysisRequest
    private let start: Timestamp
    let interval: Duration
    package let count: Int

    /// - Parameter now: what an analysis without a start begins at.
    package init(_ request: CanaryAnalysisRequest, now: Timestamp) throws(KayentaProblem) {
        let first = request.scopes[0]
        let start = first.start ?? now
        let lifetime: Int
        if let end = first.end {
            lifetime = end.since(start).minutes
        } else if let given = request.lifetime {
            lifetime = given.minutes
        } else {
            throw KayentaProblem(
                "Canary StageExecution configuration must include either `endTime` or `lifetimeDuration`."
            )
        }
        guard (1...Int(CanaryAnalysisRequest.longestMinutes)).contains(lifetime) else {
            throw KayentaProblem(
                "The lifetime must be from 1 to \(CanaryAnalysisRequest.longestMinutes) minutes, not \(lifetime)."
            )
        }
        var interval = request.interval?.minutes ?? lifetime
        if interval == 0 || interval > lifetime { interval = lifetime }
        count = lifetime / interval
        guard count <= Self.mostJudgements else {
            throw KayentaProblem("There would be \(count) judgements; at most \(Self.mostJudgements) are allowed.")
        }
        self.request = request
        self.start = start
        self.interval = .minutes(Int64(interval))
    }

    var warmup: Duration { request.warmup }

    /// Nothing is waited for between judgements of a time that has an end.
    var isRetrospective: Bool { request.scopes[0].end != nil }

    /// The window of the judgement `number`, counted from 1.
    package func window(_ number: Int) -> (start: Timestamp, end: Timestamp) {
        let delay = isRetrospective ? .zero : warmup
        let end = start + delay + interval * number
        return (request.lookback > .zero ? end - request.lookback : start + delay, end)
    }

    package func request(_ number: Int) throws(KayentaProblem) -> CanaryExecutionRequest {
        let window = window(number)
        var scopes: [(name: String, pair: CanaryScopePair)] = []
        for scope in request.scopes {
            let pair = CanaryScopePair(
                control: CanaryScope(
                    scope: scope.control,
                    location: scope.controlLocation,
                    start: window.start - scope.controlOffset,
                    end: window.end - scope.controlOffset,
                    step: request.scopes[0].step,
                    parameters: scope.parameters
                ),
                experiment: CanaryScope(
                    scope: scope.experiment,
                    location: scope.experimentLocation,
                    start: window.start,
                    end: window.end,
                    step: request.scopes[0].step,
                    parameters: scope.parameters
                )
            )
            try pair.control.check("The control of scope \(scope.name.excerpt())")
            try pair.experiment.check("The experiment of scope \(scope.name.excerpt())")
            scopes.append((scope.name, pair))
        }
        return CanaryExecutionRequest(scopes: scopes, thresholds: request.thresholds, siteLocal: request.siteLocal)
    }
}
