import Engine
import Foundation
import Store
import Testing

@testable import Service

@Suite struct NotificationSettingsTests {
    private func destination(_ name: String, _ receiver: String) -> String {
        "apiVersion: assay.dev/v1\nkind: NotificationDestination\nname: \(name)\n\(receiver)\n"
    }

    /// Writes a file that its owner alone can read.
    private func write(_ text: String, mode: Int = 0o600) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func settings(_ text: String) throws -> Settings {
        let arguments = ["--notifications-file", try write(text)]
        return try SettingsLoader(.serve, arguments: arguments, environment: [:]).load()
    }

    @Test func withoutAFileNoneIsTold() throws {
        let settings = try SettingsLoader(.serve, arguments: [], environment: [:]).load()
        #expect(try NotificationSettings(settings).destinations.isEmpty)
    }

    @Test func secretsComeFromFilesAndVariables() throws {
        let secret = try write("https://hooks.example.org/XXSECRETXX\n")
        let settings = try settings(
            destination("a", "slack: {urlFile: \(secret)}") + "---\n" + destination("b", "teams: {urlVariable: TEAMS}")
        )
        let read = try NotificationSettings(settings, environment: ["TEAMS": "https://teams.example.org/XXSECRETXX"])
        #expect(read.sinks.map(\.rawValue) == ["notify:a", "notify:b"])
        var dumped = ""
        dump(read, to: &dumped)
        #expect(!dumped.contains("XXSECRETXX") && !"\(read)".contains("XXSECRETXX"))
    }

    @Test func aSecretThatIsNotThereKeepsTheProcessFromStarting() throws {
        let variable = try settings(destination("b", "teams: {urlVariable: TEAMS}"))
        #expect(throws: SettingsError.self) { try NotificationSettings(variable, environment: ["TEAMS": ""]) }
        let file = try settings(destination("a", "slack: {urlFile: /nowhere/url}"))
        #expect(throws: (any Error).self) { try NotificationSettings(file, environment: [:]) }
    }

    /// Each has a queue and a client of its own.
    @Test func everyDestinationIsASink() async throws {
        let token = try write("0123456789abcdef\n")
        let settings = try settings(
            destination("a", "grafana: {url: \"https://grafana.example.org\", tokenFile: \(token), dashboard: d}")
                + "---\n" + destination("b", "grafana: {url: \"https://other.example.org\"}") + "---\n"
                + destination("c", "alertmanager: {url: \"http://alerts.example.org\"}")
        )
        let store = try SQLiteStore(path: try write(""))
        let sinks = try NotificationSettings(settings, environment: [:]).sinks(store)
        #expect(sinks.map(\.sink.rawValue) == ["notify:a", "notify:b", "notify:c"])
        #expect(sinks.map { $0 is AnnotationSink } == [true, true, false])
        await store.close()
    }

    /// Every reader is led to the page of an analysis, whatever told it.
    @Test(arguments: ["https://assay.example.org/deploys", "https://assay.example.org/deploys/"])
    func thePageOfASessionIsWhereThePagesAre(address: String) throws {
        let arguments = ["--prometheus-url", "http://p", "--web-public-url", address]
        let settings = try SettingsLoader(.serve, arguments: arguments, environment: [:]).load()
        let serve = try ServeSettings(settings)
        #expect(serve.pageURL("a b/1") == "https://assay.example.org/deploys/sessions/a%20b%2F1")
        let local = try SettingsLoader(.serve, arguments: Array(arguments.prefix(2)), environment: [:]).load()
        #expect(try ServeSettings(local).pageURL("s") == nil)
    }

    /// A secret that was put into the file by mistake is not shown with the error about it.
    @Test(arguments: ["slack: {url: \"https://h/XXSECRETXX\"}", "pagerduty: {routingKey: XXSECRETXX}"])
    func aSecretInTheFileIsRefusedAndNotShown(receiver: String) throws {
        let settings = try settings(destination("a", receiver))
        do {
            _ = try NotificationSettings(settings, environment: [:])
            Issue.record("it was read")
        } catch { #expect(!"\(error)".contains("XXSECRETXX")) }
    }

    @Test func aSecretThatEveryUserCanReadIsRefused() throws {
        let secret = try write("https://hooks.example.org/XXSECRETXX\n", mode: 0o644)
        do {
            _ = try settings(destination("a", "slack: {urlFile: \(secret)}"))
            Issue.record("it was taken")
        } catch { #expect("\(error)".hasPrefix("notifications.file: every user of this machine can read \(secret)")) }
    }

    @Test func aSecretThatTravelsUnencryptedIsSaid() throws {
        let token = try write("0123456789abcdef\n")
        func findings(_ receiver: String) throws -> [String] {
            Exposures(try settings(destination("a", receiver)), for: .serve).findings.map(\.setting)
        }
        let alerts = "alertmanager: {url: \"http://alerts.example.org\", tokenFile: \(token)}"
        #expect(try findings(alerts) == ["notifications.file"])
        #expect(try findings(alerts.replacing("http:", with: "https:")).isEmpty)
        #expect(try findings("alertmanager: {url: \"http://alerts.example.org\"}").isEmpty)
        #expect(try findings(alerts.replacing("alerts.example.org", with: "127.0.0.1")).isEmpty)
    }
}
