import HTTPTestServer
import HTTPTransport
import Kubernetes
import Testing

@Suite struct KubernetesConfigurationTests {
    @Test(arguments: [
        ("10.0.0.1", "https://10.0.0.1:443"), ("fd00::1", "https://[fd00::1]:443"),
        ("kube.local", "https://kube.local:443"),
    ])
    func inCluster(host: String, server: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("token-1\n", to: "token")
        let configuration = try KubernetesConfiguration.inCluster(
            environment: ["KUBERNETES_SERVICE_HOST": host, "KUBERNETES_SERVICE_PORT": "443"],
            folder: folder.path("")
        )
        #expect(configuration.server == server)
        #expect(configuration.tls.caFile?.hasSuffix("/ca.crt") == true)
        #expect(configuration.token?.value == "token-1")
        try folder.write("token-2", to: "token")
        #expect(configuration.token?.value == "token-2")
        #expect(configuration.clientConfiguration.proxy == .none)
        #expect(configuration.clientConfiguration.tls == configuration.tls)
        #expect(configuration.clientConfiguration.authentication == configuration.token.map { .bearer($0) })
    }

    @Test(arguments: [
        [:], ["KUBERNETES_SERVICE_HOST": "10.0.0.1"], ["KUBERNETES_SERVICE_PORT": "443"],
        ["KUBERNETES_SERVICE_HOST": "", "KUBERNETES_SERVICE_PORT": "443"],
        ["KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "0"],
        ["KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "70000"],
        ["KUBERNETES_SERVICE_HOST": "10.0.0.1/x?", "KUBERNETES_SERVICE_PORT": "443"],
    ])
    func refusesOtherEnvironments(environment: [String: String]) throws {
        let folder = try TemporaryFolder()
        try folder.write("token", to: "token")
        let error = #expect(throws: KubernetesError.self) {
            try KubernetesConfiguration.inCluster(environment: environment, folder: folder.path(""))
        }
        #expect(error?.code == .misconfigured)
    }

    @Test func refusesAMissingToken() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: KubernetesError.self) {
            try KubernetesConfiguration.inCluster(
                environment: ["KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443"],
                folder: folder.path("")
            )
        }
        #expect(error?.code == .misconfigured)
        #expect(error?.message.contains("token") == true)
    }

    @Test(
        arguments: [
            ("https://kube.example:6443/", "https://kube.example:6443"), ("https://rancher.example/k8s/c-1", nil),
            ("http://127.0.0.1:8001", nil), ("http://[::1]:8001", nil),
        ] as [(String, String?)]
    )
    func explicit(server: String, expected: String?) throws {
        let configuration = try KubernetesConfiguration(server: server, token: Secret("t"))
        #expect(configuration.server == expected ?? server)
    }

    @Test(arguments: [
        "", "kube.example", "ftp://kube.example", "https://", "https:///x", "https://user:pass@kube.example",
        "https://kube.example?x=1", "https://kube.example#x", "https://kube example", "http://kube.example",
        "http://127.0.0.1.example", "http://localhost.example:80", "https://:443",
    ])
    func refusesOtherAddresses(server: String) {
        let error = #expect(throws: KubernetesError.self) {
            try KubernetesConfiguration(server: server, token: Secret("t"))
        }
        #expect(error?.code == .misconfigured)
        #expect(error?.message.contains("pass") == false)
    }

    @Test func needsNoEncryptionWithoutToken() throws {
        let configuration = try KubernetesConfiguration(server: "http://kube-proxy.local:8001")
        #expect(configuration.clientConfiguration.authentication == .none)
    }
}
