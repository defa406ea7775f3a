import Foundation
import Hummingbird
package import PlanFormats

/// Who may call the interface, and what callers without a token are shown.
package struct WebAccess: Sendable {
    /// Asked for at each request, so that a replaced token counts at once. Of several, each is good: while one is being
    /// replaced, callers have the old or the new one.
    package typealias Tokens = @Sendable () throws -> [String]
    /// Tokens with names and roles; asked for at each request too.
    package typealias NamedTokens = @Sendable () -> [AccessToken]

    enum Finding: Sendable {
        case known(Caller)
        case unknown(sentToken: Bool)
    }

    private let tokens: Tokens
    private let readTokens: Tokens?
    private let namedTokens: NamedTokens?
    private let oidc: OIDCVerifier?
    private let publicReads: PublicReads

    package init(
        tokens: @escaping Tokens,
        readTokens: Tokens? = nil,
        namedTokens: NamedTokens? = nil,
        oidc: OIDCVerifier? = nil,
        publicReads: PublicReads = .none
    ) {
        self.tokens = tokens
        self.readTokens = readTokens
        self.namedTokens = namedTokens
        self.oidc = oidc
        self.publicReads = publicReads
    }

    /// Throws where the tokens cannot be read.
    func caller(of request: Request) async throws -> Finding {
        let given = request.headers[.authorization] ?? ""
        guard let token = Self.token(in: given) else { return .unknown(sentToken: !given.isEmpty) }
        if Self.isAny(token, of: try tokens()) { return .known(Caller(name: "web.token", roles: [.admin])) }
        if let readTokens, Self.isAny(token, of: try readTokens()) {
            return .known(Caller(name: "web.readToken", roles: [.read]))
        }
        if let namedTokens, let named = Self.named(token, among: namedTokens()) {
            return .known(Caller(name: named.name, roles: named.roles))
        }
        if let caller = await oidc?.caller(of: token) { return .known(caller) }
        return .unknown(sentToken: true)
    }

    /// What is shown without particulars to those who may read the summary alone.
    private static let summaries: Set<String> = ["/", "/stream", "/v1/sessions", "/v1/sessions/", "/v1/stream"]

    /// Whether a caller without a token may ask for it.
    func isPublic(_ request: Request) -> Bool {
        guard RouteRoles.needed(for: request.method, request.uri.path) == [.read] else { return false }
        switch publicReads {
        case .none: return false
        case .summary: return Self.summaries.contains(request.uri.path)
        case .all: return true
        }
    }

    /// Whether the answer must say nothing about how releases are judged.
    func showsOnlySummary(_ request: Request, to caller: Caller?) -> Bool {
        publicReads == .summary && caller?.may(request) != true
    }

    /// `Bearer …`, or the password of `Basic …` under any name: what browsers and hooks with a name in their address send.
    private static func token(in given: String) -> [UInt8]? {
        if given.prefix(7).lowercased() == "bearer " { return Array(given.dropFirst(7).utf8) }
        guard given.prefix(6).lowercased() == "basic ", let bytes = Data(base64Encoded: String(given.dropFirst(6))),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return Array(bytes[bytes.index(after: colon)...])
    }

    /// Compares with all of them, also after one was right.
    private static func isAny(_ given: [UInt8], of expected: [String]) -> Bool {
        expected.reduce(false) { found, token in isSame(given, Array(token.utf8)) || found }
    }

    private static func named(_ given: [UInt8], among tokens: [AccessToken]) -> AccessToken? {
        let hash = AccessToken.hash(given)
        return tokens.reduce(nil) { found, token in
            token.hashes.reduce(false) { same, known in isSame(hash, known) || same } ? token : found
        }
    }

    /// Takes as long for a wrong token as for the right one, so that its bytes cannot be found one after the other.
    static func isSame(_ given: [UInt8], _ expected: [UInt8]) -> Bool {
        guard !expected.isEmpty else { return false }
        var difference = given.count ^ expected.count
        for (index, byte) in given.enumerated() { difference |= Int(byte ^ expected[index % expected.count]) }
        return difference == 0
    }
}
