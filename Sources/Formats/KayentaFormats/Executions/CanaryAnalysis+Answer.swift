import Analysis
package import JSON

extension CanaryAnalysis {
    /// Kayenta's `CanaryAnalysisExecutionStatusResponse`.
    package var answer: JSONValue {
        var answer = JSONObject()
        origin.add(to: &answer)
        answer["configurationAccountName"] = nil
        answer["pipelineId"] = .string(id)
        answer["stageStatus"] = .array(stages)
        answer["complete"] = .bool(progress.status.isComplete)
        answer["executionStatus"] = .string(progress.status.capital)
        answer["status"] = .string(progress.status.rawValue)
        answer["exception"] = progress.exception
        answer["canaryAnalysisExecutionResult"] = result
        answer["canaryAnalysisExecutionRequest"] = request.json
        answer["canaryConfig"] = config.escaped
        progress.addTimes(to: &answer)
        return .object(answer)
    }

    /// Kayenta's `CanaryAnalysisExecutionResult`; nil until it has ended. The last score decides.
    private var result: JSONValue? {
        guard progress.status == .succeeded || progress.status == .terminal else { return nil }
        let done = judgements.filter { $0.line != nil }
        let (didPass, message) = decision(done)
        let lines = done.compactMap(\.line)
        return .object([
            "didPassThresholds": .bool(didPass),
            "hasWarnings": .bool(lines.contains { $0.object?["warnings"]?.elements?.isEmpty == false }),
            "canaryScoreMessage": .string(message),
            "canaryScores": .array(done.map { .java($0.score ?? 0) }),
            "canaryExecutionResults": .array(lines),
        ])
    }

    private func decision(_ done: [Judgement]) -> (Bool, String) {
        guard let last = done.last else {
            return (false, "There were no successful canary judgements to aggregate")
        }
        let score = last.score ?? 0
        if score <= request.thresholds.marginal {
            return (false, "Final canary score \(score) is not above the marginal score threshold.")
        }
        if score < request.thresholds.pass {
            return (false, "Final canary score \(score) is below the pass score threshold.")
        }
        return (
            progress.status == .succeeded, "Final canary score \(score) met or exceeded the pass score threshold."
        )
    }

    private var stages: [JSONValue] {
        var stages = [
            stage(
                "setupAndExecuteCanariesStage",
                "Sets up and executes the wait, run and monitor canary task chain.",
                progress.status
            )
        ]
        guard let schedule = try? schedule, progress.startedAt != nil else { return stages }
        if schedule.warmup > .zero { stages.append(stage("wait", "Warmup Wait", waiting(isNext: judgements.isEmpty))) }
        for number in 1...schedule.count {
            let judgement = number <= judgements.count ? judgements[number - 1] : nil
            if !schedule.isRetrospective {
                let isNext = number == judgements.count + 1
                stages.append(
                    stage("wait", "Interval Wait #\(number)", judgement == nil ? waiting(isNext: isNext) : .succeeded)
                )
            }
            stages.append(
                stage("runCanary", "Run Canary #\(number)", judgement?.status ?? .notStarted, judgement?.execution)
            )
        }
        if progress.status == .succeeded || progress.status == .terminal {
            let name = "Aggregates and evaluates the canary executions and generates the final results."
            stages.append(stage("generateCanaryAnalysisResultStage", name, .succeeded))
        }
        return stages
    }

    /// Of a wait that no judgement has followed.
    private func waiting(isNext: Bool) -> CanaryStatus {
        guard isNext else { return judgements.isEmpty || progress.status.isComplete ? .notStarted : .succeeded }
        switch progress.status {
        case .running: return judgements.last.map { $0.line == nil } == true ? .notStarted : .running
        case .canceled: return .canceled
        case .notStarted, .succeeded, .terminal: return .notStarted
        }
    }

    private func stage(_ type: String, _ name: String, _ status: CanaryStatus, _ execution: String? = nil) -> JSONValue
    {
        .object([
            "type": .string(type), "name": .string(name), "status": .string(status.capital),
            "executionId": execution.map { .string($0) },
        ])
    }
}
