import Analysis
import Judging
package import Reports

/// The page of one analysis.
package enum ReportPage {
    /// HTML of the whole page. It needs no script, and loads nothing but the service's own assets.
    ///
    /// - Parameters:
    ///   - actions: what the reader may do, of which the page offers what makes sense.
    ///   - version: of this program.
    package static func html(_ report: AnalysisReport, actions: [PageAction] = [], version: String) -> String {
        var view = View(report, base: "", wholeMetrics: wholeMetrics)
        view.actions = actions.filter { $0.isMeant(for: report) }.map { action in
            View.Action(name: action.name, address: action.address(ofSession: report.id), tone: action.tone)
        }
        view.hasActions = !view.actions.isEmpty
        let content = PageTemplates.render(view, "report")
        return PageTemplates.render(frame(content, of: report, last: report.version, version: version), "page")
    }

    /// The same as one file that is complete where nothing can be loaded: it holds its style and everything about all metrics,
    /// and its links lead to the service.
    ///
    /// - Parameter service: the address of the service, without a slash at its end.
    package static func file(_ report: AnalysisReport, service: String, version: String) -> String {
        let content = PageTemplates.render(View(report, base: service, wholeMetrics: .max), "report")
        var frame = frame(content, of: report, last: report.version, base: service, version: version)
        frame.isLive = false
        frame.stream = nil
        frame.style = String(decoding: PageAsset.style.bytes, as: UTF8.self)
        return PageTemplates.render(frame, "page")
    }

    /// The page of one metric; nil where the report has none of this number.
    ///
    /// - Parameter index: of the metric in the plan.
    package static func html(ofMetric index: Int, _ report: AnalysisReport, version: String) -> String? {
        guard let metric = report.metrics.first(where: { $0.index == index }) else { return nil }
        let plot = ForestPlot([metric.effect].compactMap(\.self))
        let view = One(
            application: report.application,
            environment: report.environment,
            version: report.version,
            address: address(of: report),
            headline: report.state.headline,
            name: metric.name,
            axis: plot.axis,
            metric: View.metric(metric, plot, isOpen: true)
        )
        let content = PageTemplates.render(view, "one")
        return PageTemplates.render(frame(content, of: report, last: metric.name, version: version), "page")
    }

    static func frame(
        _ content: String,
        of report: AnalysisReport,
        last: String,
        base: String = "",
        version: String
    ) -> PageFrame {
        PageFrame(
            title: "\(report.state.word): \(report.application) \(report.version) in \(report.environment)",
            crumbs: [
                .init(
                    text: report.application,
                    address: base + ApplicationPage.address(application: report.application)
                ),
                .init(
                    text: report.environment,
                    address: base
                        + ApplicationPage.address(application: report.application, environment: report.environment)
                ),
                .init(text: last, address: nil),
            ],
            isLive: report.isRunning && report.adHoc == nil,
            stream: "/stream?session=\(report.id.pathSegment)",
            content: content,
            version: version,
            base: base
        )
    }

    /// A page has so many metrics with everything that is known of them; the others have pages of their own.
    static let wholeMetrics = 100

    fileprivate static func address(of metric: MetricReport, _ report: AnalysisReport) -> String {
        "\(address(of: report))/metrics/\(metric.index)"
    }

    package static func address(ofSession id: String) -> String { "/sessions/\(id.pathSegment)" }

    package static func address(ofPastAnalysis id: String) -> String { "/analyses/\(id.pathSegment)" }

    fileprivate static func address(of report: AnalysisReport) -> String {
        report.adHoc == nil ? address(ofSession: report.id) : address(ofPastAnalysis: report.id)
    }

    /// What the template of one metric reads.
    private struct One {
        var application: String
        var environment: String
        var version: String
        var address: String
        var headline: String
        var name: String
        var axis: String
        let legend = SeriesChart.legend
        var metric: View.Metric
    }

    /// What the template reads.
    private struct View {
        struct Named {
            var name: String
            var value: String
        }

        struct Sided {
            var side: String
            var statistics: String
            var queries: [String]
        }

        struct Action {
            var name: String
            var address: String
            var tone: String
        }

        struct Metric {
            var name: String
            /// Where the name is too long for its column.
            var title: String?
            var isOpen: Bool
            /// Where the rest of it stands; nil where it stands here.
            var more: String?
            var anchor: String
            var tone: String
            var sign: String
            var role: String?
            var control: String
            var experiment: String
            var effect: String
            var ratio: String
            var spark: String
            var result: String
            var certainty: String?
            var findings: [String]
            var warnings: [String]
            var chart: String
            var hasSides: Bool
            var sides: [Sided]
        }

        struct Group {
            var name: String
            var score: String
            var weight: String
        }

        struct Entry {
            var time: String
            var what: String
            var why: String
            var who: String
        }

        struct Release {
            var address: String
            var version: String
            var word: String
            var sign: String
            var tone: String
            var isThis: Bool
        }

        var application: String
        var environment: String
        var version: String
        var place: String?
        var tone: String
        var sign: String
        var headline: String
        var reason: String
        var done: String?
        var next: String?
        var notJudged: String?
        var hasChanges: Bool
        /// What else changed.
        var changesSummary: String
        var changes: [String]
        var actions: [Action] = []
        var hasActions = false
        var warnings: [String]
        var timeline: String
        var hasMetrics: Bool
        var axis: String
        let legend = SeriesChart.legend
        var metrics: [Metric]
        var score: String?
        var groups: [Group]
        var hasReleases: Bool
        var releases: [Release]
        var facts: [Named]
        var jsonAddress: String
        var samplesAddress: String
        var trail: [Entry]
        var unreadable: [String]

        /// - Parameters:
        ///   - base: what addresses begin with.
        ///   - wholeMetrics: how many metrics are shown with everything that is known of them.
        init(_ report: AnalysisReport, base: String, wholeMetrics: Int) {
            application = report.application
            environment = report.environment
            version = report.version
            place = report.place
            tone = report.state.tone.rawValue
            sign = report.state.tone.sign
            headline = report.state.headline
            reason = report.reason
            done = report.done
            next = report.next
            notJudged = report.notJudgedText
            hasChanges = report.changes != nil
            changesSummary = report.changes?.summary ?? ""
            changes = Array((report.changes?.lines ?? []).dropFirst())
            warnings = report.warnings
            timeline = TimelineChart(timeline: report.timeline).svg
            hasMetrics = !report.metrics.isEmpty
            let plot = ForestPlot(report.metrics.compactMap(\.effect))
            axis = plot.axis
            metrics = report.metrics.enumerated().map { position, metric in
                let isWhole = position < wholeMetrics
                return Self.metric(metric, plot, more: isWhole ? nil : base + ReportPage.address(of: metric, report))
            }
            score = report.score.map { "\($0.formatted(decimals: 2)) of 100" }
            groups = report.groups.map { group in
                Group(
                    name: group.name,
                    score: group.noData ? "no data" : group.score.formatted(decimals: 2),
                    weight: "\(group.weight.formatted(decimals: 2)) %"
                )
            }
            hasReleases = !report.releases.isEmpty
            releases = report.releases.map { release in
                Release(
                    address: base + ReportPage.address(ofSession: release.id),
                    version: release.version,
                    word: release.state.word,
                    sign: release.state.tone.sign,
                    tone: release.state.tone.rawValue,
                    isThis: release.isThis
                )
            }
            facts = report.facts.map { Named(name: $0.name, value: $0.value) }
            jsonAddress = "\(base)/v1\(ReportPage.address(of: report))"
            samplesAddress = "\(base)\(ReportPage.address(of: report))/samples.csv"
            trail = report.trail.map { Entry(time: $0.at.rfc3339, what: $0.what, why: $0.why, who: $0.who) }
            unreadable = report.unreadable
        }

        static func metric(
            _ metric: MetricReport,
            _ plot: ForestPlot,
            isOpen: Bool = false,
            more: String? = nil
        ) -> Metric {
            let chart = metric.series.map {
                SeriesChart(
                    id: "series-\(metric.index)",
                    series: $0,
                    unit: metric.unit,
                    note: metric.seriesNote
                )
            }
            return Metric(
                name: metric.name,
                title: metric.name.count > 24 ? metric.name : nil,
                isOpen: isOpen,
                more: more,
                anchor: "metric-\(metric.index)",
                tone: metric.tone.rawValue,
                sign: metric.tone.sign,
                role: metric.role.isEmpty ? nil : metric.role,
                control: metric.control,
                experiment: metric.experiment,
                effect: plot.row(metric.effect, text: metric.ratio),
                ratio: metric.ratio,
                spark: chart?.sparkline ?? "",
                result: metric.result,
                certainty: metric.certainty.isEmpty ? nil : metric.certainty,
                findings: metric.findings,
                warnings: metric.warnings,
                chart: more == nil
                    ? (chart?.chart ?? "") + TrailChart(points: metric.trail, effect: metric.effect).svg : "",
                hasSides: more == nil,
                sides: metric.statistics.map { side in
                    let queries = metric.queries.filter { $0.side == side.side }.map(\.query)
                    return Sided(side: side.side, statistics: side.statistics, queries: queries)
                }
            )
        }
    }
}
