/// The syntax of Kubernetes names. A name that follows it cannot alter the path of a request.
enum KubernetesName {
    /// An RFC 1123 label, as namespaces are named: 1 to 63 of `a-z 0-9 -`, a letter or digit at both ends.
    static func isLabel(_ name: String) -> Bool {
        name.utf8.count <= 63 && isPart(Array(name.utf8))
    }

    /// An RFC 1123 subdomain, as most objects are named: parts joined by dots, at most 253 bytes in all.
    static func isSubdomain(_ name: String) -> Bool {
        guard name.utf8.count <= 253 else { return false }
        return name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
            isPart(Array($0))
        }
    }

    private static func isPart(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, let last = bytes.last, first != hyphen, last != hyphen else { return false }
        return bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == hyphen }
    }

    private static let hyphen = UInt8(ascii: "-")
}
