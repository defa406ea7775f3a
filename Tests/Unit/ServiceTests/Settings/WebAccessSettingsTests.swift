import HTTPTransport
import Logging
import Testing
import Web

@testable import Service

/// An interface without a token, which any client could decide by what is promoted.
@Suite struct WebAccessSettingsTests {
    private static let secret = "0123456789abcdef0123"

    private func serve(_ arguments: String...) throws -> ServeSettings {
        try ServeSettings(SettingsLoader(.serve, arguments: arguments, environment: [:]).load())
    }

    @Test(arguments: ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
    func onThisMachineNoneIsNeeded(host: String) throws {
        let access = try serve("--web-host", host).access
        #expect(access.token == nil && access.openness == nil)
    }

    @Test(arguments: ["0.0.0.0", "::", "192.168.0.7", "10.0.0.1", "assay.example.com", "128.0.0.1", "2001:db8::1"])
    func elsewhereTheProcessDoesNotStart(host: String) throws {
        let error = #expect(throws: SettingsError.self) { try serve("--web-host", host) }
        #expect(
            error?.description
                == "web.host is \(host), which other machines may reach, and callers need no token: give one (web.tokenFile),"
                + " listen on 127.0.0.1, or set web.allowWithoutToken to let any client decide what is promoted"
        )
        #expect(try serve("--web-host", host, "--web-token", Self.secret).access.openness == nil)
        // Health and metrics take no calls.
        #expect(try serve("--web-host", host, "--roles", "intake,engine,relay").access.openness == nil)
    }

    @Test func theOptOutIsSaidForAsLongAsItIsThere() async throws {
        let openness = try serve("--web-host", "::", "--web-allow-without-token", "true").access.openness
        #expect(openness?.contains("(web.allowWithoutToken): any client that reaches ::") == true)
        let readiness = Readiness()
        let notice = StandingNotice.openInterface(openness, logger: .quiet)
        notice.watch(readiness)
        let report = await readiness.report()
        #expect(report.ready)
        #expect(report.dependencies["token"]?.reason == openness)
        #expect(notice.services.count == 1)
        #expect(StandingNotice.openInterface(nil, logger: .quiet).services.isEmpty)
        // Nothing to say where it is not needed.
        #expect(try serve("--web-allow-without-token", "true").access.openness == nil)
    }

    @Test func aTokenForReadingAloneLeavesNothingOpen() throws {
        let error = #expect(throws: SettingsError.self) { try serve("--web-read-token", Self.secret) }
        #expect(error?.description.contains("web.token is not") == true)
        let access = try serve("--web-read-token", Self.secret, "--web-token", "another-" + Self.secret).access
        #expect(access.readToken?.value == Self.secret && access.publicReads == .none)
        #expect(try serve("--web-public-reads", "summary").access.publicReads == .summary)
    }
}
