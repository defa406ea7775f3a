import ArgumentParser
import PlanFormats
import Service

/// `assay token`: makes a token of the HTTP interface, and the entry that the service knows it by.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Makes a token with a name and roles, and its entry for the service's file of tokens.",
        discussion: """
            Prints the token, which is shown this once, and then the entry for the file of `web.tokensFile`, which holds its
            SHA-256 and not the token. The service reads the file again when it changes.

            Roles: read (pages, lists, verdicts, gates), emit (deploy events, and the end of an analysis), act (what rollout
            controllers write), approve (approve, abort, cancel, feedback), admin (everything).
            """
    )

    @Argument(help: "Its name: 1 to 64 letters, digits and . _ @ -. It stands in the trail of what is done with it.")
    var name: String

    @Option(help: "What it is good for: read, emit, act, approve or admin. May be given several times.")
    var role: [AccessRole]

    func validate() throws {
        guard AccessToken.isName(name), !AccessTokenFile.reservedNames.contains(name) else {
            throw ValidationError("a name has 1 to 64 letters, digits and . _ @ -")
        }
        guard !role.isEmpty else { throw ValidationError("give at least one --role") }
    }

    func run() {
        let token = AccessToken.random()
        let entry = AccessToken(name: name, roles: Set(role), hashes: [AccessToken.hash(Array(token.utf8))])
        print(
            """
            # The token of \(name), shown this once:
            \(token)
            # Its entry under tokens: in the file of web.tokensFile:
            \(AccessTokenFile.entry(entry))
            """
        )
    }
}

extension AccessRole: ExpressibleByArgument {}
