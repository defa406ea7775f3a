package import Analysis
package import JSON

/// One judgement of one window: what Kayenta runs as its "Standard Canary Pipeline".
package struct CanaryExecution: Sendable, Equatable {
    package let id: String
    package let origin: CanaryOrigin
    package let config: CanaryConfig
    package let request: CanaryExecutionRequest
    package var progress: CanaryProgress
    /// Metrics that have been asked for.
    package var fetched = (control: 0, experiment: 0)
    /// The stage that failed.
    package private(set) var failedStage: String?
    package private(set) var pairListID: String?
    /// Kayenta's `CanaryJudgeResult`.
    package private(set) var judgeResult: JSONValue?

    package init(
        id: String,
        origin: CanaryOrigin,
        config: CanaryConfig,
        request: CanaryExecutionRequest,
        builtAt: Timestamp
    ) {
        self.id = id
        self.origin = origin
        self.config = config
        self.request = request
        progress = CanaryProgress(builtAt: builtAt)
    }

    package mutating func begin(at now: Timestamp) {
        progress.status = .running
        progress.startedAt = progress.startedAt ?? now
    }

    package mutating func succeed(_ result: JSONValue, pairList: String, at now: Timestamp) {
        pairListID = pairList
        judgeResult = result
        progress.end(.succeeded, at: now)
    }

    package mutating func fail(in stage: String, _ exception: JSONValue, at now: Timestamp) {
        failedStage = stage
        progress.end(.terminal, at: now, exception: exception)
    }

    package mutating func cancel(at now: Timestamp) { progress.end(.canceled, at: now) }

    /// The score; nil without a result.
    package var score: Double? { judgeResult?.object?["score"]?.object?["score"]?.doubleValue }

    /// Whether Kayenta would warn of few samples.
    var hasFewSamples: Bool {
        (judgeResult?.object?["results"]?.elements ?? []).contains { result in
            let stats = result.object?["controlMetadata"]?.object?["stats"]?.object
            return (stats?["count"]?.integer ?? 0) < 50
        }
    }

    // MARK: - Stages

    private var stages: [(id: String, status: CanaryStatus)] {
        let fetches =
            chain("fetchControl", done: fetched.control) + chain("fetchExperiment", done: fetched.experiment)
        let last = [("mixMetrics", state(after: true)), ("judge", state(after: true))]
        let all =
            [("setupContext", progress.status == .notStarted ? .notStarted : CanaryStatus.succeeded)] + fetches + last
        guard let failedStage, let index = all.firstIndex(where: { $0.0 == failedStage }) else {
            return all.map { (id: $0.0, status: $0.1) }
        }
        return all.enumerated().map { (id: $1.0, status: $0 == index ? .terminal : $1.1) }
    }

    /// The stages of one side, which are one after the other.
    private func chain(_ prefix: String, done: Int) -> [(String, CanaryStatus)] {
        config.metrics.indices.map { index in
            ("\(prefix)\(index)", index < done ? .succeeded : state(after: index > done))
        }
    }

    /// Of a stage that is not done.
    private func state(after isBehind: Bool) -> CanaryStatus {
        switch progress.status {
        case .succeeded: .succeeded
        case .running: isBehind ? .notStarted : .running
        case .canceled: isBehind ? .notStarted : .canceled
        case .notStarted, .terminal: .notStarted
        }
    }

    // MARK: - JSON

    /// Kayenta's `CanaryResult`; nil without one.
    var result: JSONValue? {
        judgeResult.map { result in
            .object([
                "judgeResult": result, "canaryDuration": request.duration.map { .string($0.javaText) },
            ])
        }
    }

    /// Kayenta's `CanaryExecutionStatusResponse`.
    package var answer: JSONValue {
        var answer = JSONObject()
        origin.add(to: &answer)
        answer["user"] = nil
        answer["pipelineId"] = .string(id)
        var states = JSONObject()
        for stage in stages { states[stage.id] = .string(stage.status.rawValue) }
        answer["stageStatus"] = .object(states)
        answer["complete"] = .bool(progress.status.isComplete)
        answer["status"] = .string(progress.status.rawValue)
        answer["exception"] = progress.exception
        answer["result"] = result
        answer["config"] = config.escaped
        answer["canaryExecutionRequest"] = request.json
        answer["metricSetPairListId"] = pairListID.map { .string($0) }
        progress.addTimes(to: &answer)
        return .object(answer)
    }

    package var stored: [UInt8] {
        var object = JSONObject()
        object["id"] = .string(id)
        origin.add(to: &object)
        object["config"] = .object(config.json)
        object["request"] = request.json
        progress.addStored(to: &object)
        object["fetchedControl"] = .integer(fetched.control)
        object["fetchedExperiment"] = .integer(fetched.experiment)
        object["failedStage"] = failedStage.map { .string($0) }
        object["pairList"] = pairListID.map { .string($0) }
        object["judgeResult"] = judgeResult
        return StoredCanaryForm.write(object)
    }

    package init(stored bytes: [UInt8]) throws(KayentaProblem) {
        let object = try StoredCanaryForm.read(bytes)
        guard let id = object["id"]?.text, let config = object["config"], let request = object["request"] else {
            throw KayentaProblem("The stored execution cannot be read.")
        }
        self.id = id
        origin = CanaryOrigin(object)
        self.config = try CanaryConfig(config)
        self.request = try CanaryExecutionRequest(request)
        progress = try CanaryProgress(stored: object)
        fetched = (
            control: Int(object["fetchedControl"]?.integer ?? 0),
            experiment: Int(object["fetchedExperiment"]?.integer ?? 0)
        )
        failedStage = object["failedStage"]?.text
        pairListID = object["pairList"]?.text
        judgeResult = object["judgeResult"]
    }

    package static func == (left: Self, right: Self) -> Bool { left.stored == right.stored }
}
