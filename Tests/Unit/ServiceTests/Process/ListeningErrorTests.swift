import Foundation
import Testing

@testable import Service

@Suite struct ListeningErrorTests {
    @Test func aPortInUseIsOneSentenceWithThePort() throws {
        let settings = try ListeningSettings(
            try SettingsLoader(.serve, arguments: ["--web-port", "8080"], environment: [:]).load()
        )
        let error = try #require(ListeningError(settings, errno: EADDRINUSE))
        #expect(error.description.hasPrefix("port 8080 of "))
        #expect(error.description.contains("in use"))
        #expect(ListeningError(settings, errno: EACCES) != nil)
        #expect(ListeningError(settings, errno: EADDRNOTAVAIL) != nil)
        #expect(ListeningError(settings, errno: ENOMEM) == nil)
    }

    @Test func thePortOfProbesIsNamedByItsOwnFlag() throws {
        let given = try SettingsLoader(
            .rollout,
            arguments: ["--web-probes-port", "8081", "--web-host", "::1"],
            environment: [:]
        ).load()
        let settings = try #require(try ListeningSettings(probesOf: given))
        let error = try #require(ListeningError(settings, errno: EADDRINUSE))
        #expect(error.description.contains("port 8081 of ::1") && error.description.contains("--web-probes-port"))
        #expect(try ListeningSettings(probesOf: SettingsLoader(.serve, arguments: [], environment: [:]).load()) == nil)
    }

    @Test func tokensAreOneALine() {
        #expect(BearerTokens.read("one") == ["one"])
        #expect(BearerTokens.read("one\r\n two \n\n") == ["one", "two"])
        #expect(BearerTokens.read("\n") == [])
    }
}
