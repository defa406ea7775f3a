import Analysis
import EventFormats
import Foundation
import HTTPTestServer
import Processes
import Testing

@testable import Service

/// The commands of the page about the rollout controller make keys that both processes use.
@Suite(.enabled(if: Program.find("openssl") != nil)) struct KeyFileTests {
    private static let event = CloudEvent(id: "1", source: "/assay", type: "dev.assay.verdict.v1", data: [0x7B, 0x7D])

    /// As `docs/rollout.md` has them, in a folder of their own.
    private func keys(in folder: TemporaryFolder) async throws -> (secret: String, open: String) {
        let page = try String(contentsOf: Self.repository.appending(path: "docs/rollout.md"), encoding: .utf8)
        let commands = page.split(separator: "\n").filter { $0.hasPrefix("openssl ") }
        #expect(commands.count == 2)
        for command in commands {
            let outcome = try await Program.run("/bin/sh", ["-c", String(command)], in: folder.url)
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
        func text(_ name: String) throws -> String { try String(contentsOfFile: folder.path(name), encoding: .utf8) }
        return (try text("signing.pem"), try text("verification.pem"))
    }

    private static let repository = (0..<5).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
        url.deletingLastPathComponent()
    }

    private func settings(_ reader: Setting.Reader, _ arguments: String...) throws -> Settings {
        try SettingsLoader(reader, arguments: arguments, environment: [:]).load()
    }

    @Test func keysAreReadAgainWhenTheirFilesChange() async throws {
        let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
        let (old, new) = (try await keys(in: first), try await keys(in: second))
        let folder = try TemporaryFolder()
        let log = CollectedLog()
        let signing = try #require(
            try KeyFile(
                .verdictsSigningKeyFile,
                of: try settings(
                    .serve,
                    "--verdicts-signing-key-file",
                    try folder.write(old.secret, to: "signing.pem")
                ),
                logger: log.logger
            ) { try SigningKey(pem: $0) }
        )
        let file = try folder.write(old.open, to: "verification.pem")
        let verification = try #require(
            try KeyFile(
                .rolloutVerificationKeysFile,
                of: try settings(.rollout, "--rollout-verification-keys-file", file),
                logger: log.logger
            ) { try VerificationKeys(pem: $0) }
        )
        let signed = signing.keys.signed(Self.event)
        #expect(verification.keys.problem(of: signed) == nil)

        try folder.write(old.open + "\n" + new.open, to: "verification.pem")
        try folder.write(new.secret, to: "signing.pem")
        let later = signing.keys.signed(Self.event)
        #expect(later != signed)
        #expect([signed, later].allSatisfy { verification.keys.problem(of: $0) == nil })

        try folder.write("rubbish", to: "verification.pem")
        #expect(verification.keys.problem(of: later) == nil)
        #expect(verification.keys.problem(of: Self.event) == .unsigned)
        #expect(log.text.components(separatedBy: "keys cannot be used; those read last are used on").count == 2)

        try folder.write(new.open, to: "verification.pem")
        #expect(verification.keys.problem(of: signed) == .unknownKey)
        #expect(verification.keys.problem(of: later) == nil)
        #expect(!log.text.contains("rubbish"))
    }

    @Test func aKeyThatCannotBeUsedEndsTheStart() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("rubbish", to: "signing.pem")
        let error = #expect(throws: SettingsError.self) {
            try KeyFile(
                .verdictsSigningKeyFile,
                of: try settings(.serve, "--verdicts-signing-key-file", file),
                logger: CollectedLog().logger
            ) { try SigningKey(pem: $0) }
        }
        #expect(error.map { "\($0)".contains("verdicts.signingKeyFile") } == true)
        #expect(error.map { "\($0)".contains("rubbish") } == false)
    }
}
