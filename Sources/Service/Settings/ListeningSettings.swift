import Foundation

/// Where an HTTP interface listens.
package struct ListeningSettings: Sendable {
    package var host: String
    /// 0 takes any free port.
    package var port: Int
    package var portFile: String?
    /// For probes and metrics alone.
    package var isForProbes = false
    /// The flags that choose address and port.
    package var flags: (host: String, port: String)

    package init(_ settings: Settings) throws(SettingsError) {
        host = try settings.required(.webHost)
        port = try settings.integer(.webPort)
        portFile = settings.text(.webPortFile)
        flags = ("--web-host", "--web-port")
    }

    /// Nil when probes have no port of their own.
    package init?(probesOf settings: Settings) throws(SettingsError) {
        guard settings.isGiven(.webProbesPort) else { return nil }
        host = try settings.required(settings.isGiven(.webProbesHost) ? .webProbesHost : .webHost)
        port = try settings.integer(.webProbesPort)
        portFile = settings.text(.webProbesPortFile)
        isForProbes = true
        flags = ("--web-probes-host", "--web-probes-port")
    }

    /// The host of a URL, or a host alone, without its port.
    static func name(_ address: String) -> String {
        URL(string: address)?.host() ?? address
    }
}
