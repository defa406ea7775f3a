package import Analysis
package import JSON

/// Several judgements over a time: what Kayenta runs as its "Standalone Canary Analysis Pipeline". It waits, has a judgement made,
/// waits for its end, and goes on, or ends at the first score that is not above the marginal threshold.
package struct CanaryAnalysis: Sendable, Equatable {
    /// One that has begun.
    struct Judgement: Sendable, Equatable {
        let execution: String
        let window: (start: Timestamp, end: Timestamp)
        var status: CanaryStatus = .running
        var score: Double?
        /// Its line of the result; nil while it is under way.
        var line: JSONValue?

        static func == (left: Self, right: Self) -> Bool {
            left.execution == right.execution && left.window == right.window && left.status == right.status
                && left.score == right.score && left.line == right.line
        }
    }

    /// What is to be done now.
    package enum Step: Sendable {
        case wait(until: Timestamp)
        /// The state of this execution is wanted; ask again soon while it is under way.
        case watch(execution: String)
        case begin(CanaryExecution)
        case nothing
    }

    package let id: String
    package let origin: CanaryOrigin
    package let config: CanaryConfig
    package let request: CanaryAnalysisRequest
    package internal(set) var progress: CanaryProgress
    var judgements: [Judgement] = []
    /// Since when the next judgement is waited for.
    var waitsSince: Timestamp?

    package init(
        id: String,
        origin: CanaryOrigin,
        config: CanaryConfig,
        request: CanaryAnalysisRequest,
        builtAt: Timestamp
    ) {
        self.id = id
        self.origin = origin
        self.config = config
        self.request = request
        progress = CanaryProgress(builtAt: builtAt)
    }

    var schedule: JudgementSchedule {
        get throws(KayentaProblem) {
            try JudgementSchedule(request, now: progress.startedAt ?? progress.builtAt)
        }
    }

    /// Goes on as far as it can without the state of a judgement.
    package mutating func step(at now: Timestamp) throws(KayentaProblem) -> Step {
        guard !progress.status.isComplete else { return .nothing }
        if progress.startedAt == nil {
            progress.status = .running
            progress.startedAt = now
        }
        if let last = judgements.last, last.line == nil { return .watch(execution: last.execution) }
        let schedule = try schedule
        let since = waitsSince ?? (progress.startedAt ?? now) + schedule.warmup
        let due = schedule.isRetrospective ? since : since + schedule.interval
        guard now >= due else { return .wait(until: due) }
        let number = judgements.count + 1
        let request = try schedule.request(number)
        var origin = origin
        origin.configID = origin.configID ?? CanaryOrigin.adHoc
        origin.accounts.configuration = nil
        let execution = CanaryExecution(
            id: CanaryID.execution(at: now),
            origin: origin,
            config: config,
            request: request,
            builtAt: now
        )
        let window = request.scopes.first?.pair.control
        judgements.append(
            Judgement(execution: execution.id, window: (window?.start ?? now, window?.end ?? now))
        )
        return .begin(execution)
    }

    /// Takes the end of the judgement under way in; false while it has none.
    package mutating func take(_ execution: CanaryExecution, at now: Timestamp) throws(KayentaProblem) -> Bool {
        guard execution.progress.status.isComplete, let index = judgements.indices.last,
            judgements[index].execution == execution.id
        else { return false }
        let score = execution.progress.status == .succeeded ? execution.score : nil
        judgements[index].score = score
        // A score at the marginal threshold ends the analysis too.
        let isGood = score.map { $0 > request.thresholds.marginal } ?? false
        judgements[index].status = isGood ? .succeeded : .terminal
        judgements[index].line = line(of: execution, judgements[index])
        waitsSince = now
        let count = try schedule.count
        if !isGood {
            progress.end(
                .terminal,
                at: now,
                exception: execution.progress.status == .succeeded ? nil : cause(execution)
            )
        } else if judgements.count == count {
            progress.end(.succeeded, at: now)
        }
        return true
    }

    /// Ends it without a result.
    package mutating func fail(_ exception: JSONValue, at now: Timestamp) {
        progress.end(.terminal, at: now, exception: exception)
    }

    /// Returns the judgement under way, which is to be cancelled too.
    package mutating func cancel(at now: Timestamp) -> String? {
        progress.end(.canceled, at: now)
        return judgements.last.flatMap { $0.line == nil ? $0.execution : nil }
    }

    private func cause(_ execution: CanaryExecution) -> JSONValue? {
        execution.progress.status == .canceled ? CanaryFailure.canceled : execution.progress.exception
    }

    private static let fewSamples =
        "One of the metrics returned fewer than 50 data points, which can reduce confidence in the final canary score."

    /// Kayenta's `CanaryExecutionResult`.
    private func line(of execution: CanaryExecution, _ judgement: Judgement) -> JSONValue {
        var line = JSONObject()
        line["executionId"] = .string(execution.id)
        line["executionStatus"] = .string(execution.progress.status.capital)
        line["exception"] = cause(execution)
        line["result"] = execution.result
        for (name, time) in [("Start", judgement.window.start), ("End", judgement.window.end)] {
            line["judgement\(name)TimeIso"] = .string(time.javaText)
            line["judgement\(name)TimeMillis"] = .integer(Int(time.milliseconds))
        }
        let isWarned = execution.progress.status == .succeeded && execution.hasFewSamples
        line["warnings"] = .array(isWarned ? [.string(Self.fewSamples)] : [])
        line["metricSetPairListId"] = execution.pairListID.map { .string($0) }
        execution.progress.addTimes(to: &line)
        line["storageAccountName"] = .string(execution.origin.accounts.storage)
        return .object(line)
    }
}
