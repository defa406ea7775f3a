import Analysis
import Concurrency
import Engine
package import JSON
package import KayentaFormats
import Store
import Text

extension KayentaAPI {
    // MARK: - One judgement

    /// `POST /canary/{configId}`. Returns the id of the execution.
    package func startCanary(configID: String, _ body: JSONValue, _ origin: CanaryOrigin) async throws -> String {
        var origin = origin
        origin.configID = configID
        origin.accounts.configuration = origin.accounts.configuration ?? CanaryAccounts.store
        return try await start(try await storedConfig(configID), try CanaryExecutionRequest(body), origin)
    }

    /// `POST /canary`.
    package func startCanary(_ body: JSONValue, _ origin: CanaryOrigin) async throws -> String {
        let adHoc = try CanaryAdHocRequest(body)
        var origin = origin
        origin.configID = CanaryOrigin.adHoc
        return try await start(adHoc.config, try CanaryExecutionRequest(adHoc.request), origin)
    }

    private func start(
        _ config: CanaryConfig,
        _ request: CanaryExecutionRequest,
        _ origin: CanaryOrigin
    ) async throws -> String {
        try request.check(for: config)
        let now = clock.now()
        let id = CanaryID.execution(at: now)
        let execution = CanaryExecution(id: id, origin: origin, config: config, request: request, builtAt: now)
        try await add(StoredCanary(execution, wakeAt: now))
        return id
    }

    private func add(_ execution: StoredCanary) async throws {
        guard try await records.add(execution, most: limits.unfinished) else {
            throw KayentaProblem("\(limits.unfinished) executions are not finished; try again later.", kind: .busy)
        }
        work.signal()
    }

    /// `GET /canary/{id}`.
    package func canary(id: String) async throws -> JSONValue {
        try CanaryExecution(stored: try await stored(id, .canary).state).answer
    }

    private func stored(_ id: String, _ kind: StoredCanary.Kind?) async throws -> StoredCanary {
        guard let stored = try await records.canary(id: id), kind == nil || stored.kind == kind else {
            throw notFound("Execution", id)
        }
        return stored
    }

    /// `GET /canary/executions`.
    package func canaries(
        of application: String,
        statuses: [String]?,
        limit: Int,
        page: Int
    ) async throws -> JSONValue {
        let query = CanaryQueryPage(
            kind: .canary,
            application: application,
            statuses: statuses?.map { $0.lowercased() },
            limit: limit,
            offset: (page - 1) * limit
        )
        return .array(try await records.canaries(query).map { try CanaryExecution(stored: $0.state).answer })
    }

    // MARK: - Several judgements

    /// `POST /standalone_canary_analysis/{configId}`.
    package func startAnalysis(configID: String, _ body: JSONValue, _ origin: CanaryOrigin) async throws -> String {
        var origin = origin
        origin.configID = configID
        return try await startAnalysis(try await storedConfig(configID), body, origin)
    }

    /// `POST /standalone_canary_analysis`.
    package func startAnalysis(_ body: JSONValue, _ origin: CanaryOrigin) async throws -> String {
        let adHoc = try CanaryAdHocRequest(body)
        return try await startAnalysis(adHoc.config, adHoc.request, origin)
    }

    private func startAnalysis(
        _ config: CanaryConfig,
        _ body: JSONValue,
        _ origin: CanaryOrigin
    ) async throws -> String {
        let request = try CanaryAnalysisRequest(body)
        let now = clock.now()
        // The last window is the longest one.
        let schedule = try JudgementSchedule(request, now: now)
        try schedule.request(schedule.count).check(for: config)
        let id = CanaryID.execution(at: now)
        let analysis = CanaryAnalysis(id: id, origin: origin, config: config, request: request, builtAt: now)
        try await add(StoredCanary(analysis, wakeAt: now))
        return id
    }

    /// `GET /standalone_canary_analysis/{id}`.
    package func analysis(id: String) async throws -> JSONValue {
        try CanaryAnalysis(stored: try await stored(id, .analysis).state).answer
    }

    // MARK: - Cancelling

    /// `PUT /pipelines/{id}/cancel`. What is complete stays as it is.
    package func cancel(id: String) async throws {
        for _ in 0..<Self.cancelAttempts {
            let stored = try await stored(id, nil)
            guard stored.wakeAt != nil else { return }
            let now = clock.now()
            let (cancelled, judgement) = try Self.cancelled(stored, at: now)
            do throws(StoreError) { try await records.commit(CanaryChange(written: [cancelled])) } catch {
                // A replica has begun or ended it meanwhile.
                guard error.code == .conflict else { throw error }
                continue
            }
            if let judgement { try await cancel(id: judgement) }
            return
        }
        throw KayentaProblem("The execution changes all the time; try again.", kind: .busy)
    }

    private static let cancelAttempts = 10

    private static func cancelled(
        _ stored: StoredCanary,
        at now: Timestamp
    ) throws(KayentaProblem) -> (StoredCanary, judgement: String?) {
        switch stored.kind {
        case .canary:
            var execution = try CanaryExecution(stored: stored.state)
            execution.cancel(at: now)
            return (stored.with(StoredCanary(execution, wakeAt: now)), nil)
        case .analysis:
            var analysis = try CanaryAnalysis(stored: stored.state)
            let judgement = analysis.cancel(at: now)
            return (stored.with(StoredCanary(analysis, wakeAt: now)), judgement)
        }
    }
}
