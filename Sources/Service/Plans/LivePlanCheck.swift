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
        let http = try HTTPClients.prometheus(settings)
        self.init(PrometheusClient(baseURL: url, http: http, options: options), clock: SystemClock())
    }

    init(_ client: PrometheusClient, clock: any EngineClock) {
        self.client = client
        self.clock = clock
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
                    guard question.label == nil, let series = answer.series?.series else { continue }
                    measurement.add(series, question.part, side)
                }
                report.add(answers, of: question)
                guard let selecting = question.withoutZeros else { continue }
                var selected: [Side: LiveAnswer] = [:]
                for side in selecting.sides {
                    selected[side] = await answer(of: selecting, side: side, in: session, window: window)
                }
                report.add(selected, withoutZerosOf: question)
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
            let now = try await result(of: query, in: shifted, session)
            let before = try await result(of: query, in: shifted.shifted(by: .zero - window.duration), session)
            return .series(LiveSeries(now, before: before))
        } catch {
            switch error.code {
            case .badQuery, .evaluationFailed, .notNumbers, .tooManySeries, .tooManyPoints, .responseTooLarge:
                return .refused(error.message)
            default: return .outage(error.message)
            }
        }
    }

    private func result(
        of query: String,
        in window: TimeWindow,
        _ session: AnalysisSession
    ) async throws(PrometheusError) -> RangeQueryResult {
        let step = session.plan.schedule.step
        return try await client.rangeQuery(
            query,
            start: (window.start + step).milliseconds,
            end: window.end.milliseconds,
            step: step.milliseconds
        )
    }
}
