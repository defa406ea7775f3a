import Foundation
import Glibc
import LoadRig
import Processes

/// The processes under attack, and what they need.
final class World: Sendable {
    static let source = "/assay/soak"

    let rig: TestRig
    let broker: Broker
    let backEnd: SoakBackEnd
    let serve: Replica
    let rollout: Replica
    let log: LogPipe
    /// The token that writes.
    let token: String
    private let storePath: String

    private init(
        rig: TestRig,
        broker: Broker,
        backEnd: SoakBackEnd,
        serve: Replica,
        rollout: Replica,
        log: LogPipe,
        token: String,
        storePath: String
    ) {
        self.rig = rig
        self.broker = broker
        self.backEnd = backEnd
        self.serve = serve
        self.rollout = rollout
        self.log = log
        self.token = token
        self.storePath = storePath
    }

    /// Starts everything and waits until it is ready.
    static func start(_ options: SoakOptions, rig: TestRig) async throws -> World {
        let backEnd = SoakBackEnd()
        let port = try await backEnd.start()
        // An embedded broker keeps only 5 MiB a partition.
        let broker = try await Broker.start(options.broker, run: "soak", partitions: 16, logger: SilentLogger.make())
        for plan in SoakPlan.all { try rig.write(plan.yaml, to: "plans/\(plan.name).yaml") }
        let token = (0..<4).map { _ in String(UInt64.random(in: .max / 2 ... .max), radix: 16) }.joined()
        let store = rig.path("store.sqlite")
        let keys = try await makeKeys(rig)
        let common = broker.flags + ["--log-format", "text", "--shutdown-grace", "10s"]
        let serve = Replica(
            number: 1,
            rig: rig,
            program: options.assay,
            flags: common + [
                "--kafka-group-id", broker.names.serveGroup, "--prometheus-url", "http://127.0.0.1:\(port)",
                "--plans-directory", rig.path("plans"), "--plans-from-events", "--source", source, "--store-path",
                store,
                "--verdicts-signing-key-file", keys.signing, "--web-token-file", try secret(token, rig, "token"),
                "--web-probes-port", "0", "--web-probes-port-file", rig.path("probes.port"),
            ]
        )
        let rollout = Replica(
            number: 1,
            rig: rig,
            program: options.assay,
            command: "rollout",
            flags: common + [
                "--rollout-group-id", broker.names.rolloutGroup, "--rollout-start-at", "beginning",
                "--rollout-actuator", "webhook", "--rollout-webhook-url", "http://127.0.0.1:\(port)/rollout",
                "--rollout-applications", "good-*", "--rollout-sources", source, "--rollout-verification-keys-file",
                keys.verification,
            ]
        )
        let log = try LogPipe(serve.logPath, copy: rig.path("logs/serve.txt"))
        let world = World(
            rig: rig,
            broker: broker,
            backEnd: backEnd,
            serve: serve,
            rollout: rollout,
            log: log,
            token: token,
            storePath: store
        )
        do {
            for process in [serve, rollout] {
                try await process.start()
                try await process.waitUntilReady()
            }
        } catch {
            await world.stop()
            throw error
        }
        return world
    }

    func stop() async {
        log.setStalled(false)
        for process in [serve, rollout] { _ = await process.end(signal: SIGTERM) }
        await backEnd.stop()
        await broker.close()
        log.close()
    }

    /// Of `assay serve`: the port for everyone, and the one of probes; nil while it does not listen.
    var port: Int? { serve.current?.url.flatMap { URL(string: $0)?.port } }
    var probesPort: Int? { LogTail.lines(of: rig.path("probes.port"), count: 1).first.flatMap { Int($0) } }

    /// Bytes of SQLite's file and of its log.
    var storeBytes: Int {
        ["", "-wal"].reduce(0) { sum, suffix in
            let attributes = try? FileManager.default.attributesOfItem(atPath: storePath + suffix)
            return sum + (attributes?[.size] as? Int ?? 0)
        }
    }

    /// Records of both processes that were set aside, whether or not a dead letter was kept; nil when they do not say.
    func deadLetters() async -> Int? {
        guard let probesPort, let url = rollout.current?.url,
            let served = try? await rig.get("http://127.0.0.1:\(probesPort)/metrics"),
            let acted = try? await rig.get("\(url)/metrics")
        else { return nil }
        let (serve, rollout) = (MetricsPage(served), MetricsPage(acted))
        return Int(
            serve.total("assay_dead_letters_total") + serve.total("assay_dead_letters_dropped_total")
                + rollout.total("assay_rollout_dead_letters_total")
        )
    }

    private static func makeKeys(_ rig: TestRig) async throws -> (signing: String, verification: String) {
        let openssl = try Programs.find("openssl")
        let (signing, verification) = (rig.path("signing.pem"), rig.path("verification.pem"))
        try await rig.run("openssl", openssl, ["genpkey", "-algorithm", "ed25519", "-out", signing])
        chmod(signing, 0o600)
        try await rig.run("openssl", openssl, ["pkey", "-in", signing, "-pubout", "-out", verification])
        return (signing, verification)
    }

    /// Writes a file that only its user can read, as the program wants it.
    private static func secret(_ text: String, _ rig: TestRig, _ name: String) throws -> String {
        let path = try rig.write(text, to: name)
        chmod(path, 0o600)
        return path
    }
}
