import Analysis
import Concurrency
import Engine
import JSON
import JudgeInputs
import KayentaFormats
import Store
import Synchronization

/// Makes one judgement: asks for the samples of both sides, pairs them, and has them judged.
///
/// The sides are asked for at once, the metrics of one side one after the other, as Kayenta does.
struct CanaryRun: Sendable {
    /// Samples of all pairs together.
    static let mostValues = 500_000
    private static let tooMany = "There are more than \(mostValues) samples; aggregate the metrics."
    /// As Kayenta's tasks: so often, and for so long, one question is asked.
    private static let attempts = 10
    private static let patience = Duration.seconds(120)

    let source: any CanarySource
    let clock: any EngineClock
    var backoff = Backoff(limit: .seconds(30), floor: 0.5)

    private struct Failure: Error {
        var stage: String
        var operation: String
        var type = "IllegalArgumentException"
        var message: String
    }

    /// The samples of a side, metric by metric, and what ended it early.
    private struct Side: Sendable {
        var sets: [[CanaryMetricSet]] = []
        var failure: Failure?
    }

    /// The execution at its end, and the samples that were judged; nil where the task was cancelled.
    func finish(_ begun: CanaryExecution) async -> (CanaryExecution, CanaryDocument?)? {
        var execution = begun
        let (control, experiment) = await sides(of: execution)
        guard !Task.isCancelled else { return nil }
        execution.fetched = (control.sets.count, experiment.sets.count)
        do throws(Failure) {
            if let failure = control.failure ?? experiment.failure { throw failure }
            let pairs = try mix(control.sets, experiment.sets)
            let result: JSONValue
            do throws(KayentaError) {
                result = try KayentaCase.judge(
                    config: .object(execution.config.json),
                    pairs: pairs,
                    pass: execution.request.thresholds.pass,
                    marginal: execution.request.thresholds.marginal
                )
            } catch {
                throw Failure(stage: "judge", operation: "canaryJudge", message: error.description)
            }
            let document = CanaryDocument.samples(.pairList, pairs, at: clock.now())
            execution.succeed(result, pairList: document.head.id, at: clock.now())
            return (execution, document)
        } catch {
            let exception = CanaryFailure.exception(
                error.message,
                type: error.type,
                in: error.operation,
                at: clock.now()
            )
            execution.fail(in: error.stage, exception, at: clock.now())
            return (execution, nil)
        }
    }

    private func sides(of execution: CanaryExecution) async -> (control: Side, experiment: Side) {
        await withTaskGroup(of: (isControl: Bool, side: Side).self) { group in
            for isControl in [true, false] {
                group.addTask { (isControl, await self.side(of: execution, isControl: isControl)) }
            }
            var sides = (control: Side(), experiment: Side())
            for await (isControl, side) in group {
                if isControl { sides.control = side } else { sides.experiment = side }
                // The other side's samples will not be judged.
                if side.failure != nil { group.cancelAll() }
            }
            return sides
        }
    }

    private func side(of execution: CanaryExecution, isControl: Bool) async -> Side {
        var side = Side()
        var values = 0
        for (index, metric) in execution.config.metrics.enumerated() {
            let stage = "fetch\(isControl ? "Control" : "Experiment")\(index)"
            do throws(Failure) {
                guard let pair = metric.scopeName.flatMap({ execution.request[$0] }) else {
                    throw failure(stage, "Canary scope for metric named '\(metric.name)' is null.")
                }
                let scope = isControl ? pair.control : pair.experiment
                let query: String
                do throws(KayentaProblem) {
                    query = try CanaryQuery.text(metric.query, templates: execution.config.templates, for: scope)
                } catch { throw failure(stage, error.message) }
                let series = try await series(of: query, for: scope, stage)
                // Before more is held.
                values += series.reduce(0) { $0 + $1.values.count }
                guard values <= Self.mostValues else { throw failure(stage, Self.tooMany) }
                side.sets.append(CanaryMetricSet.all(of: series, metric: metric.name, query: query, scope: scope))
            } catch {
                side.failure = Task.isCancelled ? nil : error
                return side
            }
        }
        return side
    }

    private func failure(_ stage: String, _ message: String) -> Failure {
        Failure(stage: stage, operation: "prometheusFetch", message: message)
    }

    /// Tries again while that can help.
    private func series(
        of query: String,
        for scope: CanaryScope,
        _ stage: String
    ) async throws(Failure) -> [CanarySeries] {
        let until = clock.now() + Self.patience
        var attempt = 0
        while true {
            do throws(CanarySourceFailure) { return try await source.series(of: query, for: scope) } catch {
                attempt += 1
                let next = clock.now() + backoff.pause(after: attempt)
                guard error.isTransient, attempt < Self.attempts, next < until, !Task.isCancelled,
                    (try? await clock.sleep(until: next)) != nil
                else {
                    var failure = failure(stage, error.message)
                    failure.type = "SpinnakerServerException"
                    throw failure
                }
            }
        }
    }

    private func mix(
        _ control: [[CanaryMetricSet]],
        _ experiment: [[CanaryMetricSet]]
    ) throws(Failure) -> [JSONValue] {
        var pairs: [JSONValue] = []
        var values = 0
        do throws(KayentaProblem) {
            for (control, experiment) in zip(control, experiment) {
                values += CanarySetMixer.size(control + experiment)
                guard values <= Self.mostValues else { throw KayentaProblem(Self.tooMany) }
                pairs += try CanarySetMixer.pairs(control: control, experiment: experiment)
            }
        } catch {
            throw Failure(stage: "mixMetrics", operation: "metricSetMixer", message: error.message)
        }
        return pairs
    }
}
