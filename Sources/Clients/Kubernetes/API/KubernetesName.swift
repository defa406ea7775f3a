/// The syntax of Kubernetes names (RFC 1123). A name that follows it cannot alter the path of a request.
package enum KubernetesName {
    /// A label, as namespaces and resource types are named: 1 to 63 of `a-z 0-9 -`, a letter or digit at both ends.
    package static func isLabel(_ name: String) -> Bool {
        isLabel(name.utf8)
    }

    /// A subdomain, as most objects and API groups are named: labels joined by dots, at most 253 bytes in all.
    ///
    /// As in the API server, only the whole is bounded, not its parts.
    package static func isSubdomain(_ name: String) -> Bool {
        guard name.utf8.count <= 253 else { return false }
        return name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isPart)
    }

    private static func isLabel(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.count <= 63 && isPart(bytes)
    }

    private static func isPart(_ bytes: some Collection<UInt8>) -> Bool {
        let hyphen = UInt8(ascii: "-")
        var last: UInt8?
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): break
            case hyphen where last != nil: break
            default: return false
            }
            last = byte
        }
        return last != nil && last != hyphen
    }
}
