import Foundation
import Testing

@testable import Service

/// Which files with secrets are refused, and which are only warned of.
@Suite struct SecretFileAccessTests {
    /// A folder that others can enter, under one that they can enter too.
    private func withFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
        let folder = "/tmp/assay-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        chmod(folder, 0o755)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }

    private func write(_ path: String, _ mode: mode_t) throws -> String {
        try Data("a-token-of-some-length\n".utf8).write(to: URL(fileURLWithPath: path))
        chmod(path, mode)
        return path
    }

    @Test(arguments: [(0o600, false), (0o640, false), (0o660, false), (0o604, true), (0o644, true), (0o444, true)])
    func modes(mode: mode_t, isOpen: Bool) throws {
        try withFolder { folder in
            let path = try write(folder + "/token", mode)
            #expect((SecretFileAccess(path) == .readByOthers(isOwn: true)) == isOpen)
            #expect((SecretFileAccess.problem(path) != nil) == isOpen)
            // Of another user, mostly root: it may be meant so.
            #expect((SecretFileAccess(path, user: geteuid() + 1) == .readByOthers(isOwn: false)) == isOpen)
        }
    }

    @Test func aFolderThatOthersCannotEnterKeepsWhatIsInIt() throws {
        try withFolder { folder in
            let path = try write(folder + "/token", 0o644)
            chmod(folder, 0o750)
            #expect(SecretFileAccess(path) == nil)
        }
    }

    /// As the kubelet lays a secret out: `token` is a link to `..data/token`, and `..data` one to a folder with a date.
    @Test func whatTheKubeletMountsIsLeftAlone() throws {
        try withFolder { folder in
            let dated = folder + "/..2026_11_29_12_00_00.123"
            try FileManager.default.createDirectory(atPath: dated, withIntermediateDirectories: true)
            chmod(dated, 0o755)
            _ = try write(dated + "/token", 0o644)
            try FileManager.default.createSymbolicLink(atPath: folder + "/..data", withDestinationPath: dated)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/token",
                withDestinationPath: folder + "/..data/token"
            )
            #expect(SecretFileAccess(folder + "/token") == nil)
        }
    }

    @Test func aLinkShowsWhatItLeadsTo() throws {
        try withFolder { folder in
            _ = try write(folder + "/token", 0o644)
            try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/token")
            #expect(SecretFileAccess(folder + "/link") == .readByOthers(isOwn: true))
            #expect(SecretFileAccess(folder + "/none") == nil)
            #expect(SecretFileAccess(folder) == nil)
        }
    }

    @Test func aServiceDoesNotStartWithAnOpenFileAndAPipelineDoes() throws {
        try withFolder { folder in
            let path = try write(folder + "/token", 0o644)
            for (reader, flag, isRefused) in [
                (Setting.Reader.serve, "--prometheus-bearer-token-file", true),
                (.rollout, "--kubernetes-token-file", true), (.migrate, "--database-password-file", true),
                (.pipeline, "--assay-token-file", false), (.serve, "--prometheus-key-file", true),
                (.serve, "--kafka-ssl-key-location", true), (.serve, "--prometheus-ca-file", false),
                (.serve, "--verdicts-signing-key-file", true), (.rollout, "--rollout-verification-keys-file", false),
            ] {
                let loader = SettingsLoader(reader, arguments: [flag, path], environment: [:])
                let problems = loader.read().settings.fileProblems(for: reader)
                #expect(problems.contains { $0.contains("every user of this machine can read \(path)") } == isRefused)
            }
        }
    }

    @Test func aSettingsFileWithASecretIsOneToo() throws {
        try withFolder { folder in
            let path = folder + "/settings.yaml"
            for (text, isRefused) in [("prometheus: {bearerToken: abc}\n", true), ("log: {level: info}\n", false)] {
                try Data(text.utf8).write(to: URL(fileURLWithPath: path))
                chmod(path, 0o644)
                let loader = SettingsLoader(.serve, arguments: ["--config", path], environment: [:])
                #expect(loader.read().settings.fileProblems(for: .serve).isEmpty != isRefused)
            }
        }
    }
}
