/// Whether a host is this machine itself: what is sent to it does not leave it.
package enum LoopbackHost {
    /// A name or an address, of IPv6 with its brackets or without.
    package static func contains(_ host: some StringProtocol) -> Bool {
        var host = host.lowercased()[...]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        if ["localhost", "localhost.", "::1", "0:0:0:0:0:0:0:1"].contains(host) { return true }
        if host.hasPrefix("::ffff:") { host = host.dropFirst("::ffff:".count) }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { $0.utf8.allSatisfy { (48...57).contains($0) } && UInt8($0) != nil }
    }

    /// Of an address with a scheme, `http://127.0.0.1:9090/path`; false for what has none.
    package static func contains(address: String) -> Bool {
        guard let start = address.firstRange(of: "://")?.upperBound else { return false }
        let authority = address[start...].prefix { !"/?#\\".contains($0) }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        return contains(host.hasPrefix("[") ? host.prefix { $0 != "]" } + "]" : host.prefix { $0 != ":" })
    }
}
