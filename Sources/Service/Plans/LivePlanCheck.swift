package import Analysis
import Engine
import HTTPTransport
import Prometheus

/// Asks the metrics back end for each query of a plan, on both sides, as the last look would.
package struct LivePlanCheck: Sendable {
    private let client: PrometheusClient
    private let clock: any EngineClock

    /// The back end is reached as the settings say.
    package init(_ settings: Settings) throws {
        var options = PrometheusClient.Options()
        options.extraParameters = try HTTPClients.parameters(settings.text(.prometheusParameters))
        options.timeout = try settings.duration(.prometheusTimeout)
        options.method = try settings.choice(.prometheusMethod)
        options.maximumResponseBytes = try settings.integer(.prometheusMaximumAnswerBytes)
        options.secrets = try HTTPClients.prometheusSecrets(settings)
        guard let url = try settings.address(.prometheusUrl) else {
            throw SettingsError("prometheus.url is required")
        }
        client = PrometheusClient(baseURL: url, http: try HTTPClients.prometheus(settings), options: options)
        clock = SystemClock()
    }

    package func report(of plan: AnalysisPlan, for release: LiveRelease) async throws -> LivePlanReport {
        let session = release.session(of: plan, at: clock.now())
        let window = session.schedule.look(session.schedule.count).window
        var report = LivePlanReport(plan: plan, window: window)
        for (index, metric) in plan.metrics.enumerated() {
            var measurement = LiveMeasurement(of: metric, step: plan.schedule.step)
            for question in LiveQuestion.questions(of: metric, in: plan) {
                var answers: [Side: LiveAnswer] = [:]
                for side in question.asked.sides {
                    let answer = await answer(of: question.asked, side: side, in: session, window: window)
                    if case .outage(let words) = answer {
                        report.outage = words
                        return report
                    }
                    answers[side] = answer
                    if case .series(let series, _) = answer { measurement.add(series, question.part, side) }
                }
                report.add(answers, of: question)
            }
            guard plan.isSequential else { continue }
            let outlook = DetectionOutlook(of: index, in: plan, measured: measurement.counts, weight: release.weight)
            report.add(outlook, of: metric)
        }
        return report
    }

    private func answer(
        of metric: PlannedMetric,
        side: Side,
        in session: AnalysisSession,
        window: TimeWindow
    ) async -> LiveAnswer {
        // An event that gives these labels would be refused.
        let event = session.event
        if event.control != nil || event.experiment != nil, let problem = session.plan.problem(withScopesOf: event) {
            return .refused(problem)
        }
        let query: String
        do throws(SamplingFailure) { query = try ScopedQueries(of: session).text(of: metric, side: side) } catch {
            return .refused(error.message)
        }
        let offset = side == .control ? session.controlOffset : .zero
        let shifted = window.shifted(by: .zero - offset)
        do throws(PrometheusError) {
            let now = try await series(of: query, in: shifted, session)
            let before = try await series(of: query, in: shifted.shifted(by: .zero - window.duration), session)
            return .series(now, hasHistory: before.contains { $0.values.contains { !$0.isNaN } })
        } catch {
            switch error.code {
            case .badQuery, .evaluationFailed, .notNumbers, .tooManySeries, .tooManyPoints, .responseTooLarge:
                return .refused(error.message)
            default: return .outage(error.message)
            }
        }
    }

    private func series(
        of query: String,
        in window: TimeWindow,
        _ session: AnalysisSession
    ) async throws(PrometheusError) -> [RangeQueryResult.Series] {
        let step = session.plan.schedule.step
        return try await client.rangeQuery(
            query,
            start: (window.start + step).milliseconds,
            end: window.end.milliseconds,
            step: step.milliseconds
        ).series
    }
}

/// What the back end made of one side of a metric.
enum LiveAnswer: Sendable {
    case series([RangeQueryResult.Series], hasHistory: Bool)
    /// The query cannot be asked, or the back end does not take it.
    case refused(String)
    /// No answer at all.
    case outage(String)
}
