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
