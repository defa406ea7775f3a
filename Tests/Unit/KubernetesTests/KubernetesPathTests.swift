import Kubernetes
import Testing

@Suite struct KubernetesPathTests {
    @Test func paths() throws {
        let core = KubernetesResource(group: "", version: "v1", plural: "services")
        #expect(
            try KubernetesPath(core, namespace: "shop", name: "cart").description
                == "/api/v1/namespaces/shop/services/cart"
        )
        let status = try KubernetesPath(.argoRollouts, namespace: "shop", name: "cart.eu", subresource: "status")
        #expect(status.description == "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/cart.eu/status")
    }

    @Test(
        arguments: [
            ("../kube-system", "cart", nil), ("shop", "cart/status", nil), ("shop", "..", nil), ("", "cart", nil),
            ("shop", "", nil), ("a.b", "cart", nil), ("shop", "cart?dryRun=All", nil), ("shop", "cart", "scale/x"),
            ("shop", "%2e%2e", nil), ("shop\r\nX: y", "cart", nil),
        ] as [(String, String, String?)]
    )
    func refusesWhatWouldAlterAPath(namespace: String, name: String, subresource: String?) {
        let error = #expect(throws: KubernetesError.self) {
            try KubernetesPath(.argoRollouts, namespace: namespace, name: name, subresource: subresource)
        }
        #expect(error?.code == .invalidName)
        #expect(error?.message.contains("\n") == false)
    }
}
