import Hummingbird
import Testing

@testable import Web

@Suite struct BearerTokenTests {
    @Test(arguments: [
        ("secret", "secret", true), ("secret", "secreT", false), ("secre", "secret", false), ("", "secret", false),
        ("secretsecret", "secret", false), ("secret", "", false), ("", "", false),
    ])
    func compares(given: String, expected: String, isSame: Bool) {
        #expect(BearerToken<BasicRequestContext>.isSame(Array(given.utf8), Array(expected.utf8)) == isSame)
    }
}
