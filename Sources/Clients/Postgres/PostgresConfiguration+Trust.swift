import Text

/// Whether what answers is the server that is meant, and what it may ask for when that is not known.
extension PostgresConfiguration {
    /// Servers of other machines whose connection does not prove who answers: who stands in between can read the password
    /// and everything else. Empty when there are none.
    package var unprovenServers: [String] { unprovenServers(defaults: PostgresLibrary.defaults()) }

    /// - Parameter defaults: what holds where the connection string says nothing, variables such as `PGSSLMODE` among it.
    func unprovenServers(defaults: [String: String]) -> [String] {
        func option(_ name: String) -> String? { self.options[name] ?? defaults[name] }
        // With the system's authorities libpq insists on the name by itself.
        let mode = self.options["sslmode"] ?? (self.options["sslrootcert"] == "system" ? "verify-full" : nil)
        // What a service file says is not known here, but what the connection string says goes before it.
        if let service = self.options["service"], self.options["host"] == nil, self.options["hostaddr"] == nil {
            return mode == "verify-full" || self.options["channel_binding"] == "require" ? [] : ["service \(service)"]
        }
        if (mode ?? defaults["sslmode"]) == "verify-full" || option("channel_binding") == "require"
            || option("gssencmode") == "require"
        {
            return []
        }
        let servers = option("hostaddr").flatMap { $0.isEmpty ? nil : $0 } ?? option("host") ?? ""
        return servers.split(separator: ",").filter { !Self.isLocal($0) }.map(String.init)
    }

    /// How far the connection string, or what holds without it, goes: `sslmode=prefer`.
    package var transportSecurity: String {
        "sslmode=\(self.options["sslmode"] ?? PostgresLibrary.defaults()["sslmode"] ?? "prefer")"
    }

    /// What libpq is to insist on (`require_auth`): an unproven server may ask for the password as it is, and would have it.
    /// Nil where nothing is to be asked for.
    func requiredAuthentication(
        libraryVersion: Int = PostgresLibrary.version,
        defaults: [String: String] = PostgresLibrary.defaults()
    ) -> String? {
        guard libraryVersion >= 160_000, self.options["require_auth"] == nil, defaults["require_auth"] == nil else {
            return nil
        }
        let hasPassword = self.password != nil || self.options["password"] != nil || defaults["password"] != nil
        return hasPassword && !self.unprovenServers(defaults: defaults).isEmpty ? "scram-sha-256" : nil
    }

    /// A socket in the file system, or an address of this machine.
    private static func isLocal(_ host: Substring) -> Bool {
        host.hasPrefix("/") || LoopbackHost.contains(host)
    }
}
