import Kubernetes
import Testing

@Suite struct KubernetesNameTests {
    @Test(arguments: ["a", "0", "cart-v2", "shop-web-2", String(repeating: "a", count: 63)])
    func labels(name: String) {
        #expect(KubernetesName.isLabel(name))
        #expect(KubernetesName.isSubdomain(name))
    }

    @Test(arguments: [
        "", "-a", "a-", "A", "a_b", "a/b", "a%2fb", "a b", "a?b", "a#b", "..", ".", "a\n", "a\u{0}", "é", "ä", "../a",
        "a/../b",
    ])
    func wrongNames(name: String) {
        #expect(!KubernetesName.isLabel(name))
        #expect(!KubernetesName.isSubdomain(name))
    }

    @Test func lengths() {
        #expect(!KubernetesName.isLabel(String(repeating: "a", count: 64)))
        #expect(KubernetesName.isSubdomain(String(repeating: "a", count: 253)))
        #expect(!KubernetesName.isSubdomain(String(repeating: "a", count: 254)))
    }

    @Test(arguments: [
        ("a.b", true), ("v1.cart-2.shop", true), ("shop-web.v2", true), ("a..b", false), (".a", false), ("a.", false),
        ("a.-b", false),
    ])
    func subdomains(name: String, isValid: Bool) {
        #expect(KubernetesName.isSubdomain(name) == isValid)
        #expect(!KubernetesName.isLabel(name))
    }
}
