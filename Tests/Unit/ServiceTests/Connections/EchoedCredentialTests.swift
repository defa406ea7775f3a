import Foundation
import Grafana
import HTTPTestServer
import HTTPTransport
import Kubernetes
import Prometheus
import Testing

@testable import Service

/// Servers and proxies that show a request again, with the credentials in it: nothing of those reaches what is told about it.
@Suite(.timeLimit(.minutes(5)))
struct EchoedCredentialTests {
    private static let token = "t0ken/with+signs=and-more"
    private static let key = "k3y-of-the-proxy"
    private static let password = "passw0rd of+mine"

    /// A body of the form that a client reads, around what it is given.
    enum Form: String, CaseIterable, Sendable {
        case prometheus, prometheusWarning, prometheusPlain, prometheusPage, grafana, kubernetes, service

        func body(_ text: String) -> String {
            switch self {
            case .prometheus: #"{"status":"error","errorType":"internal","error":"\#(text)"}"#
            case .prometheusWarning:
                #"{"status":"success","warnings":["\#(text)"],"infos":["\#(text)"],"data":{"resultType":"matrix","result":[]}}"#
            case .prometheusPlain: text
            case .prometheusPage: "<html><title>\(text)</title><body>\(text)</body></html>"
            case .grafana: #"{"message":"\#(text)"}"#
            case .kubernetes: #"{"kind":"Status","message":"\#(text)"}"#
            case .service: #"{"error":"\#(text)"}"#
            }
        }
    }

    /// Answers with the headers of the request, as they are and in the forms that programs write them in.
    private static func server(_ form: Form, status: Int) throws -> TestHTTPServer {
        TestProxy.avoid()
        return try TestHTTPServer { request in
            let shown = request.headers.filter { ["authorization", "x-key"].contains($0.key) }.values.sorted()
            let encoded = shown.map { PercentEncoding.encode($0) }
            let escaped = shown.map { $0.replacing("/", with: #"\/"#) }
            let decoded = shown.compactMap { value in
                value.hasPrefix("Basic ") ? Data(base64Encoded: String(value.dropFirst(6))) : nil
            }.map { String(decoding: $0, as: UTF8.self) }
            let base64 = shown.map { Data($0.dropFirst("Bearer ".count).utf8).base64EncodedString() }
            let words = (shown + encoded + escaped + decoded + base64).joined(separator: " and ")
            return [.respond(status, headers: ["Content-Type: application/json"], form.body("you sent \(words)"))]
        }
    }

    private static func expectNothing(in text: String, _ form: Form) {
        for secret in [
            token, "t0ken", "with+signs", key, password, "passw0rd", "of%2Bmine",
            Data("reader:\(password)".utf8).base64EncodedString(), Data(token.utf8).base64EncodedString(),
        ] {
            #expect(!text.contains(secret), "\(form): \(secret) in \(text)")
        }
        #expect(text.contains("<redacted>") || text.contains("you sent") == false, "\(form): \(text)")
    }

    @Test(
        arguments: [Form.prometheus, .prometheusWarning, .prometheusPlain, .prometheusPage],
        [(true, 200), (true, 500), (false, 200), (false, 500)]
    )
    func prometheus(form: Form, how: (isBasic: Bool, status: Int)) async throws {
        let server = try Self.server(form, status: how.status)
        let credentials =
            how.isBasic
            ? ["--prometheus-username", "reader", "--prometheus-password", Self.password]
            : ["--prometheus-bearer-token", Self.token]
        let arguments = credentials + ["--prometheus-headers", "X-Key: \(Self.key)", "--prometheus-url", server.url]
        let settings = try SettingsLoader(.serve, arguments: arguments, environment: [:]).load()
        var options = PrometheusClient.Options()
        options.secrets = try HTTPClients.prometheusSecrets(settings)
        let http = try HTTPClients.prometheus(settings)
        let client = PrometheusClient(baseURL: server.url, http: http, options: options)
        do throws(PrometheusError) {
            let result = try await client.rangeQuery("up", start: 0, end: 60_000, step: 60_000)
            Self.expectNothing(in: (result.warnings + result.infos).joined(separator: " "), form)
        } catch {
            Self.expectNothing(in: error.message, form)
        }
    }

    @Test func grafana() async throws {
        let server = try Self.server(.grafana, status: 400)
        let arguments = ["--grafana-url", server.url, "--grafana-token", Self.token]
        let settings = try SettingsLoader(.serve, arguments: arguments, environment: [:]).load()
        let http = try HTTPClients.bearer(settings, tokenKey: .grafanaToken, .grafana)
        let grafana = GrafanaClient(baseURL: server.url, http: http)
        do throws(GrafanaError) {
            _ = try await grafana.find(tags: [], from: 0, to: 1)
            Issue.record("an answer was expected to be refused")
        } catch {
            #expect(error.message.contains("you sent"))
            Self.expectNothing(in: error.message, .grafana)
        }
    }

    @Test func kubernetes() async throws {
        let server = try Self.server(.kubernetes, status: 403)
        let configuration = try KubernetesConfiguration(server: server.url, token: Secret(Self.token))
        let http = try HTTPClient(configuration: configuration.clientConfiguration)
        let client = KubernetesClient(configuration: configuration, client: http)
        let path = try KubernetesPath(.argoRollouts, namespace: "shop", name: "shop")
        do throws(KubernetesError) {
            _ = try await client.get(path)
            Issue.record("an answer was expected to be refused")
        } catch {
            #expect(error.message.contains("you sent"))
            Self.expectNothing(in: error.message, .kubernetes)
        }
    }

    @Test func theServiceItself() async throws {
        let server = try Self.server(.service, status: 400)
        let arguments = ["--assay-url", server.url, "--assay-token", Self.token]
        let settings = try SettingsLoader(.pipeline, arguments: arguments, environment: [:]).load()
        let client = try #require(try ServiceClient(settings))
        do throws(ServiceClient.Failure) {
            _ = try await client.verdicts(ofSession: "x", timeout: .seconds(5))
            Issue.record("an answer was expected to be refused")
        } catch {
            #expect(error.description.contains("you sent"))
            Self.expectNothing(in: error.description, .service)
        }
    }
}
