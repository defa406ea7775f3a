import Foundation
import Testing

@testable import Service

@Suite struct HealthQuestionTests {
    private func url(_ environment: [String: String], _ arguments: [String] = []) throws -> String {
        try HealthQuestion.ownURL(SettingsLoader(.serve, arguments: arguments, environment: environment).load())
    }

    @Test("The process is asked where its settings say that it listens")
    func address() throws {
        #expect(try url([:]) == "http://127.0.0.1:8080")
        #expect(try url(["WEB_HOST": "0.0.0.0", "WEB_PORT": "9000"]) == "http://127.0.0.1:9000")
        #expect(try url(["WEB_HOST": "::"]) == "http://[::1]:8080")
        #expect(try url(["WEB_HOST": "::1"], ["--web-port", "1"]) == "http://[::1]:1")
        #expect(try url(["WEB_HOST": "10.0.0.5"]) == "http://10.0.0.5:8080")
        #expect(try url([:], ["--web-probes-port", "8081"]) == "http://127.0.0.1:8081")
        #expect(try url([:], ["--web-probes-port", "8081", "--web-probes-host", "::"]) == "http://[::1]:8081")
    }

    @Test("A port that was not chosen is in the port file, once the process listens")
    func portFile() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let environment = ["WEB_PORT": "0", "WEB_PORT_FILE": file.path]
        #expect(throws: SettingsError.self) { try url(environment) }
        try Data("4321\n".utf8).write(to: file)
        #expect(try url(environment) == "http://127.0.0.1:4321")
        #expect(throws: SettingsError.self) { try url(["WEB_PORT": "0"]) }
    }
}
