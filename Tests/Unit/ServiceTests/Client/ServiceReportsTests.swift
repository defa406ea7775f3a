import Analysis
import Foundation
import HTTPTransport
import Reports
import Testing

@testable import Service

@Suite("Reports and lists of the service") struct ServiceReportsTests {
    private static func client(_ answers: Result<HTTPResponse, HTTPError>...) -> (ServiceClient, ScriptedHTTP) {
        let http = ScriptedHTTP(answers)
        return (ServiceClient(url: "http://assay", http: http), http)
    }

    private static func report() throws -> String {
        let start = Timestamp(milliseconds: 1_800_000_000_000)
        let (session, _) = AnalysisSession.rejected(
            id: "s-1",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: "shop",
                environment: "demo",
                version: "1"
            ),
            ending: .noPlan("none fits"),
            receivedAt: start,
            at: start
        )
        return String(decoding: try DomainJSON.encode(AnalysisReport(AnalysisRecord(session: session))), as: UTF8.self)
    }

    @Test("A report is asked for with its samples, or without")
    func report() async throws {
        let text = try Self.report()
        let (client, http) = Self.client(ScriptedHTTP.answer(200, text), ScriptedHTTP.answer(200, text))
        let answer = try await client.report(ofSession: "s 1", withSamples: false)
        #expect(answer.report.state.word == "Could not be judged" && answer.json == Array(text.utf8))
        _ = try await client.report(ofSession: "s-1", withSamples: true)
        #expect(
            http.requests.map(\.url) == [
                "http://assay/v1/sessions/s%201/report?samples=false", "http://assay/v1/sessions/s-1/report",
            ]
        )
    }

    private func failure(_ answers: Result<HTTPResponse, HTTPError>...) async -> String {
        let client = ServiceClient(url: "http://assay", http: ScriptedHTTP(answers))
        do {
            _ = try await client.report(ofSession: "s-1", withSamples: false)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test("What goes wrong is one sentence: an unknown id, an old service, a newer report, no token, no service")
    func failures() async throws {
        let missing = ScriptedHTTP.answer(404, #"{"error":"Not Found"}"#)
        #expect(await failure(missing, missing) == "there is no session s-1 at http://assay")
        #expect(
            await failure(missing, ScriptedHTTP.answer(200, #"{"session":{"id":"s-1"}}"#))
                == "http://assay gives no reports: it is of a version before 0.2.0"
        )
        let newer = try Self.report().replacing(#""form":1"#, with: #""form":2"#)
        #expect(
            await failure(ScriptedHTTP.answer(200, newer)).contains(
                "a report of form 2, which this version cannot read"
            )
        )
        #expect(await failure(ScriptedHTTP.answer(200, #"{"form":1}"#)).contains("cannot read"))
        #expect(await failure(ScriptedHTTP.answer(200, "{}")).contains("answered no report"))
        #expect(
            await failure(ScriptedHTTP.answer(401, #"{"error":"send the token"}"#)).hasSuffix(
                "answered 401: send the token (ASSAY_TOKEN_FILE or ASSAY_TOKEN)"
            )
        )
        #expect(await failure(.failure(HTTPError(.unreachable, "refused"))).contains("refused"))
    }

    private static func session(_ id: String, _ more: String = "") -> String {
        #"{"id":"\#(id)","application":"shop","environment":"demo","version":"1","openedAt":"2026-11-30T12:00:00Z"\#(more)}"#
    }

    @Test("Analyses of a list are told in the words of the pages")
    func list() async throws {
        let looks = #","looks":{"taken":2,"missed":0,"of":5}"#
        let (client, http) = Self.client(
            ScriptedHTTP.answer(
                200,
                """
                {"next":"n","unanswered":2,"sessions":[\(Self.session("a", looks)),
                \(Self.session("b", #","hold":{"cause":"unreachable","reason":"away"}"#)),
                \(Self.session("c", #","status":"completed","result":"fail","reason":"why""# + looks)),
                \(Self.session("d", #","status":"cancelled","result":"inconclusive","cause":"superseded""#)),
                \(Self.session("e", #","unreadable":{"reason":"a later version"}"#))]}
                """
            )
        )
        let page = try await client.analyses(AnalysisQuery(ReleaseFilter(application: "shop"), before: "x&y", limit: 9))
        #expect(page.analyses.map(\.word) == ["Running", "Waiting", "Failed", "Superseded", "Not readable"])
        #expect(page.analyses.map(\.looks) == ["2 of 5", "", "2 of 5", "", ""])
        #expect(page.analyses.map(\.why) == ["", "away", "why", "", "a later version"])
        #expect(page.analyses.map(\.isRunning) == [true, true, false, false, false])
        #expect(page.next == "n" && page.unanswered == 2 && page.entries.count == 5)
        #expect(http.requests.map(\.url) == ["http://assay/v1/sessions?application=shop&before=x%26y&limit=9"])
    }

    @Test("A list of which a part cannot be read is none", arguments: ["{}", "7", #"{"id":1}"#])
    func listOfOthers(entry: String) async {
        let (client, _) = Self.client(
            ScriptedHTTP.answer(200, #"{"unanswered":0,"sessions":[\#(Self.session("a")),\#(entry)]}"#)
        )
        await #expect(throws: ServiceClient.Failure.self) {
            try await client.analyses(AnalysisQuery(ReleaseFilter()))
        }
    }

    @Test("The newest analysis of a release is one of a single place")
    func newest() async throws {
        func newest(_ body: String) async -> String {
            let client = ServiceClient(url: "http://assay", http: ScriptedHTTP([ScriptedHTTP.answer(200, body)]))
            do {
                return try await client.newestAnalysis(
                    of: ReleaseFilter(application: "shop", environment: "demo", version: "1")
                )
            } catch {
                return "\(error)"
            }
        }
        #expect(await newest(#"{"sessions":[\#(Self.session("b")),\#(Self.session("a"))]}"#) == "b")
        #expect(await newest(#"{"sessions":[]}"#) == "there is no analysis of shop 1 in demo")
        #expect(
            await newest(#"{"sessions":[],"unanswered":1}"#).hasSuffix("yet: its deploy event waits for its answer")
        )
        let two = #"{"sessions":[\#(Self.session("b", #","cluster":"x""#)),\#(Self.session("a", #","cluster":"y""#))]}"#
        #expect(await newest(two).hasSuffix("say which one is meant (--cluster, or the id of its analysis)"))
    }

    @Test("What runs is in the live list, however old it is, once each")
    func live() async throws {
        let older = Self.session("r").replacing("12:00:00", with: "10:00:00")
        let (client, http) = Self.client(
            ScriptedHTTP.answer(200, #"{"sessions":[\#(Self.session("new"))]}"#),
            ScriptedHTTP.answer(200, #"{"sessions":[\#(Self.session("new"))],"next":"n"}"#),
            ScriptedHTTP.answer(200, #"{"sessions":[\#(Self.session("warm"))]}"#),
            ScriptedHTTP.answer(200, #"{"sessions":[\#(older)]}"#)
        )
        let page = try await client.liveAnalyses(ReleaseFilter(), newest: 1)
        #expect(page.analyses.map(\.id) == ["new", "warm", "r"])
        #expect(http.requests[2].url == "http://assay/v1/sessions?phase=warmingUp&before=n&limit=200")
    }
}
