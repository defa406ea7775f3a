package import Analysis
import Judging
import Reports

/// The page of an application: its releases in each environment, how they went, and how long it took to know.
package enum ApplicationPage {
    /// Analyses that it is made from.
    package static let analyses = 200
    private static let strip = 20

    /// - Parameters:
    ///   - sessions: the newest of the application, newest first.
    ///   - environment: nil where all of them are shown.
    package static func html(
        _ sessions: [AnalysisSession],
        application: String,
        environment: String?,
        version: String
    ) -> String {
        let view = View(sessions, application: application, environment: environment)
        var crumbs = [PageFrame.Crumb(text: application, address: nil)]
        if let environment {
            crumbs = [
                .init(text: application, address: address(application: application)),
                .init(text: environment, address: nil),
            ]
        }
        let list = ListPage.Filter(application: application, environment: environment)
        let frame = PageFrame(
            title: environment.map { "\(application) in \($0)" } ?? application,
            crumbs: crumbs,
            isLive: sessions.contains { $0.finalVerdict == nil },
            stream: ListPage.streamAddress(list),
            content: PageTemplates.render(view, "application"),
            version: version
        )
        return PageTemplates.render(frame, "page")
    }

    package static func address(application: String, environment: String? = nil) -> String {
        "/a/\(application.pathSegment)" + (environment.map { "/\($0.pathSegment)" } ?? "")
    }

    /// What the template reads.
    private struct View {
        struct Named {
            var name: String
            var value: String
        }

        struct Release {
            var address: String
            var version: String
            var word: String
            var sign: String
            var tone: String
            var opened: String
            var openedText: String
            var time: String
            var place: String?
            var plan: String
            var planAddress: String
            var why: String
        }

        struct Environment {
            var name: String
            var address: String?
            var anchor: String
            var facts: [Named]
            var strip: [Release]
            var releases: [Release]
            var all: String
        }

        var application: String
        var hasEnvironments: Bool
        var environments: [Environment]

        init(_ sessions: [AnalysisSession], application: String, environment: String?) {
            self.application = application
            var names: [String] = []
            for session in sessions where !names.contains(session.event.environment) {
                names.append(session.event.environment)
            }
            environments = names.enumerated().map { number, name in
                let own = sessions.filter { $0.event.environment == name }
                let releases = own.map(Self.release)
                return Environment(
                    name: name,
                    address: environment == nil ? address(application: application, environment: name) : nil,
                    anchor: "environment-\(number)",
                    facts: Self.facts(ReleaseFigures(own)),
                    strip: Array(releases.prefix(strip)),
                    releases: Array(releases.prefix(environment == nil ? 10 : ApplicationPage.analyses)),
                    all: ListPage.address(application: application, environment: name)
                )
            }
            hasEnvironments = !environments.isEmpty
        }

        private static func release(_ session: AnalysisSession) -> Release {
            let state = ReportState(session)
            let listed = ListedAnalysis(session)
            return Release(
                address: ReportPage.address(ofSession: session.id),
                version: session.event.version,
                word: state.word,
                sign: state.tone.sign,
                tone: state.tone.rawValue,
                opened: session.openedAt.rfc3339,
                openedText: session.openedAt.readable,
                time: session.finalVerdict.map { ReadableSample.duration($0.decidedAt.since(session.deployedAt)) }
                    ?? "",
                place: listed.place,
                plan: session.plan.name,
                planAddress: PlansPage.address(ofPlan: session.plan.name),
                why: listed.why
            )
        }

        private static func facts(_ record: ReleaseFigures) -> [Named] {
            var facts = [Named(name: "analyses", value: record.analyses)]
            facts.append(Named(name: "failed", value: record.failed))
            if let time = record.time { facts.append(Named(name: "time to verdict", value: time)) }
            facts.append(Named(name: "plans", value: record.plans))
            return facts
        }
    }
}
