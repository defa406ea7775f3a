import Foundation
import Testing

@testable import Service

@Suite struct WebTokenTests {
    private func serve(_ token: String) throws -> ServeSettings {
        try ServeSettings(SettingsLoader(.serve, arguments: ["--web-token", token], environment: [:]).load())
    }

    @Test(arguments: ["sh0rt", "fifteen-letters", "a-token-of-some-length\nshort"])
    func aTokenThatCanBeGuessedIsRefused(token: String) {
        #expect {
            _ = try serve(token)
        } throws: {
            "\($0)".hasPrefix("web.token: a token of ") && !"\($0)".contains(token)
        }
    }

    @Test func longerOnesAreTaken() throws {
        _ = try serve("sixteen-letters!")
        _ = try serve("a-token-of-some-length\nanother-one-of-them")
    }

    @Test func aFileThatIsReplacedByAShortOneGivesNoToken() {
        #expect(BearerTokens.usable("short\n a-token-of-some-length \n") == ["a-token-of-some-length"])
    }
}
