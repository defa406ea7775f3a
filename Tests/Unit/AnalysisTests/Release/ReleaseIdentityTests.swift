import Analysis
import Testing

@Suite struct ReleaseIdentityTests {
    private func release(_ cluster: String? = nil, _ namespace: String? = nil) -> ReleaseIdentity {
        ReleaseIdentity(application: "shop", environment: "production", cluster: cluster, namespace: namespace)
    }

    @Test(arguments: [
        (nil, nil, "shop/production"), ("eu", nil, "shop/production/eu"), (nil, "web", "shop/production//web"),
        ("eu", "web", "shop/production/eu/web"), ("e/u%", "web", "shop/production/e%2Fu%25/web"),
    ])
    func theKeyTextNamesItAndNoOther(cluster: String?, namespace: String?, text: String) {
        #expect(self.release(cluster, namespace).keyText == text)
    }

    @Test func noTwoIdentitiesHaveOneKeyText() {
        let names = ["a", "b", "a/b", "a%2Fb", "%", "/", "a/", "/a"]
        var seen: [String: ReleaseIdentity] = [:]
        for application in names {
            for environment in names {
                for cluster in names.map(Optional.some) + [nil] {
                    for namespace in names.map(Optional.some) + [nil] {
                        let release = ReleaseIdentity(
                            application: application,
                            environment: environment,
                            cluster: cluster,
                            namespace: namespace
                        )
                        #expect(seen.updateValue(release, forKey: release.keyText) == nil, "\(release)")
                    }
                }
            }
        }
    }

    @Test func whatIsNotNamedIsAnyOnlyInWhatIsSaidAboutSeveral() {
        #expect(self.release() != self.release("eu"))
        #expect(self.release("eu", "web").isMeant(by: self.release()))
        #expect(self.release("eu", "web").isMeant(by: self.release("eu")))
        #expect(self.release("eu", "web").isMeant(by: self.release("eu", "web")))
        #expect(!self.release("eu", "web").isMeant(by: self.release("us")))
        #expect(!self.release().isMeant(by: self.release("eu")))
        var elsewhere = self.release("eu")
        elsewhere.environment = "staging"
        #expect(!self.release("eu").isMeant(by: elsewhere))
    }

    @Test func aSentenceNamesThePlace() {
        #expect(self.release().description == "shop in production")
        #expect(self.release("eu", "web").description == "shop in production (cluster eu, namespace web)")
    }
}
