import Analysis
import Foundation
import HTTPTransport
import Testing

@testable import Service

@Suite struct SettingsLoaderTests {
    private func load(
        _ reader: Setting.Reader = .serve,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        file: String? = nil
    ) throws -> Settings {
        var arguments = arguments
        if let file {
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString).yaml")
            try Data(file.utf8).write(to: path)
            arguments += ["--config", path.path]
        }
        return try SettingsLoader(reader, arguments: arguments, environment: environment).load()
    }

    @Test func `flags win over variables, and those over the file`() throws {
        let file = "store: {path: file.db}\nsource: /file\nplans.directory: file\nlog: {level: debug}\n"
        let settings = try load(
            .serve,
            ["--store-path", "flag.db"],
            environment: ["STORE_PATH": "variable.db", "SOURCE": "/variable", "PLANS_DIRECTORY": ""],
            file: file
        )
        #expect(settings.text(.storePath) == "flag.db")
        #expect(settings.text(.source) == "/variable")
        #expect(settings.text(.logLevel) == "debug")
        #expect(settings.text(.logFormat) == "json")
    }

    @Test func `plans of events are off, and have limits where they are on`() throws {
        #expect(try ServeSettings(load()).eventPlans == nil)
        let file = "plans.fromEvents: true\neventPlans: {minimumLifetime: 10m, maximumLooks: 7}\n"
        let limits = try ServeSettings(load(file: file)).eventPlans
        #expect(limits == EventPlanLimits(minimumLifetime: .seconds(600), maximumLooks: 7))
        // Every limit's default is that of the program.
        #expect(try ServeSettings(load(file: "plans.fromEvents: true\n")).eventPlans == EventPlanLimits())
    }

    @Test func `a variable of 0.1.0 is read, and the log says its name of today`() throws {
        let settings = try load(
            .serve,
            ["--log-level", "debug"],
            environment: [
                "STORE_PATH": "former.db", "WEB_PORT": "1", "ASSAY_WEB_PORT": "2", "LOG_LEVEL": "info", "SOURCE": "",
                "KAFKA_BROKERS": "a:1", "KAFKA_SECURITY_PROTOCOL": "ssl", "ASSAY_KAFKA_SASL_MECHANISM": "PLAIN",
                "KAFKA_SASL_MECHANISM": "x",
            ]
        )
        #expect(settings.text(.storePath) == "former.db")
        #expect(settings.text(.webPort) == "2")
        #expect(settings.text(.kafkaBrokers) == "a:1")
        #expect(settings.kafkaProperties == ["security.protocol": "ssl", "sasl.mechanism": "PLAIN"])
        // Not of those that another value went before, nor of brokers and database.
        #expect(
            settings.formerVariables == [
                FormerVariable(name: "STORE_PATH", now: "ASSAY_STORE_PATH"),
                FormerVariable(name: "KAFKA_SECURITY_PROTOCOL", now: "ASSAY_KAFKA_SECURITY_PROTOCOL"),
            ]
        )
    }

    @Test func `brokers and database may be named as everywhere, or with the prefix`() throws {
        let settings = try load(environment: ["ASSAY_KAFKA_BROKERS": "a:1", "KAFKA_BROKERS": "b:1"])
        #expect(settings.text(.kafkaBrokers) == "a:1")
        #expect(settings.formerVariables.isEmpty)
    }

    @Test func `a list in the file is a comma-separated text`() throws {
        let settings = try load(file: "kafka: {brokers: [a:9092, b:9092]}")
        #expect(settings.text(.kafkaBrokers) == "a:9092,b:9092")
        #expect(settings.list(.kafkaBrokers) == ["a:9092", "b:9092"])
    }

    @Test func `other kafka settings go to librdkafka`() throws {
        let settings = try load(
            .kafka,
            ["--kafka-sasl-mechanism", "PLAIN"],
            environment: [
                "KAFKA_SECURITY_PROTOCOL": "ssl", "KAFKA_HEAP_OPTS": "-Xmx1g", "KAFKA_SASL_MECHANISM": "x",
                "KAFKA_SASL_PASSWORD": "p",
            ],
            file: "kafka: {security.protocol: plaintext, socket: {keepalive.enable: true}}"
        )
        #expect(
            settings.kafkaProperties == [
                "sasl.mechanism": "PLAIN", "sasl.password": "p", "security.protocol": "ssl",
                "socket.keepalive.enable": "true",
            ]
        )
    }

    @Test func `what Kubernetes announces for services is no setting`() throws {
        let settings = try load(
            environment: [
                "WEB_PORT": "tcp://10.0.0.1:80", "KAFKA_BROKER_PORT": "tcp://10.0.0.1:9092",
                "KAFKA_BROKER_SERVICE_HOST": "10.0.0.1", "KAFKA_CLIENT_ID": "x",
                "KAFKA_ISOLATION_LEVEL": "read_committed",
            ]
        )
        #expect(try settings.integer(.webPort) == 8080)
        #expect(settings.kafkaProperties == ["isolation.level": "read_committed"])
    }

    @Test(arguments: [
        (["--store-pth", "x"], "unknown option --store-pth (did you mean --store-path?); see --help"),
        (["x"], "unexpected argument x"),
        (["--engine-lease", "1ms"], "engine.lease: must be 1s or longer (--engine-lease)"),
        (["--web-port", "x"], "web.port: \"x\" is not a number between 0 and 65535 (--web-port)"),
        (["--roles", "web,cook"], "roles: \"cook\" is not one of intake, engine, relay, web (--roles)"),
        (["--roles", ","], "roles: names none of intake, engine, relay, web (--roles)"),
        (
            ["--log-level", "loud"],
            "log.level: \"loud\" is not one of trace, debug, info, notice, warning, error, critical (--log-level)"
        ),
        (
            ["--grafana-url", "admin:hunter2@grafana"],
            "grafana.url: \"grafana\" is not an address that begins with http:// or https:// (--grafana-url)"
        ),
        (
            ["--prometheus-ca-file", "/none.pem"],
            "prometheus.caFile: the file /none.pem cannot be read: No such file or directory (--prometheus-ca-file)"
        ),
        (
            ["--grafana-token-file", "/none"],
            "grafana.tokenFile: The secret file /none cannot be used: No such file or directory. (--grafana-token-file)"
        ),
        (
            ["--kafka-acks-of-all", "1"],
            "kafka.acks.of.all: is neither a setting nor a property of librdkafka (--kafka-acks-of-all)"
        ),
        (
            ["--kafka-group-id", "g", "--kafka-transactional-id", "x"],
            "kafka.transactional.id: is managed by the service and can't be set (--kafka-transactional-id)"
        ),
        (
            ["--kafka-enable-ssl-certificate-verification", "maybe"],
            "kafka.enable.ssl.certificate.verification: Expected bool value for"
                + " \"enable.ssl.certificate.verification\": true or false (--kafka-enable-ssl-certificate-verification)"
        ),
    ])
    func `what no setting knows is an error`(arguments: [String], message: String) {
        #expect(throws: SettingsError(message)) { try load(.serve, arguments) }
    }

    @Test(arguments: [
        ("store: {pth: x}", "FILE:1: unknown setting store.pth (did you mean store.path?)"),
        ("source: /a\nstore:\n  path: a\nstore.path: b\n", "FILE:4:13: error: store.path: is given more than once"),
        ("kafka: {brokers: [{a: b}]}", "kafka.brokers: is a list with something else than texts in it"),
        ("kafka:\n  acks.of.all: 1\n", "kafka.acks.of.all: is neither a setting nor a property of librdkafka (FILE:2)"),
        ("grafana:\n  token: [hunter2\n", "FILE:"),
        ("grafana:\n  token: hunter2\n  token: hunter2\n", "FILE:2:3: error: \"token\" is given more than once"),
        ("- hunter2", "FILE:1:1: error: must be an object, not a list"),
        ("hunter2: [", "FILE:"),
    ])
    func `a file with anything else is an error that says where`(file: String, message: String) {
        let error = #expect(throws: SettingsError.self) { try load(file: file) }
        let text = (error?.description ?? "").replacing(#/[^ (]*assay-[0-9A-F-]*\.yaml/#, with: "FILE")
        #expect(text.contains(message), "\(text)")
        #expect(!text.contains("hunter2"))
    }

    @Test func `all problems are told together`() {
        let error = #expect(throws: SettingsError.self) {
            try load(
                .serve,
                ["--web-prt", "1", "--engine-lease", "x"],
                environment: ["WEB_PORT": "99999"],
                file: "store: {pth: x}\nlog.format: xml\n"
            )
        }
        #expect(error?.problems.count == 5)
        #expect(error?.description.hasPrefix("the settings have 5 problems:\n  ") == true)
    }

    @Test(arguments: [
        ("PROMETHEUS_TIMEOUTT", "PROMETHEUS_TIMEOUT"), ("GRAFANA_TOKN", "GRAFANA_TOKEN"),
        ("KAFKA_BROKRES", "KAFKA_BROKERS"), ("WEB_PROT", "WEB_PORT"),
    ])
    func `a misspelt variable is warned about`(name: String, meant: String) throws {
        let warnings = try load(environment: [name: "1"]).warnings
        #expect(warnings == ["the variable \(name) is no setting (did you mean \(meant)?)"])
    }

    @Test(arguments: [
        "KAFKA_HEAP_OPTS", "KAFKA_SASL_MECHANISM", "PROMETHEUS_SERVICE_HOST", "HOME", "LOGNAME", "KUBERNETES_PORT",
        "WEB_CONCURRENCY", "DATABASE_URL",
    ])
    func `variables of others are left alone`(name: String) throws {
        #expect(try load(environment: [name: "PLAIN"]).warnings.isEmpty)
    }

    @Test func `a secret that is given twice is warned about`() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)")
        try Data("a".utf8).write(to: file)
        chmod(file.path, 0o600)
        let settings = try load(environment: ["GRAFANA_TOKEN": "b", "GRAFANA_TOKEN_FILE": file.path])
        #expect(settings.warnings == ["grafana.token is not used, because grafana.tokenFile is given"])
        #expect(try settings.secret(.grafanaToken)?.value == "a")
    }
}
