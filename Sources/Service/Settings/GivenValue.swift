/// The text that a setting was given, and where.
package struct GivenValue: Sendable, Equatable {
    package var text: String
    package var origin: SettingOrigin
}

/// Where the value of a setting comes from.
package enum SettingOrigin: Sendable, Equatable, CustomStringConvertible {
    /// `--web-port`
    case flag(String)
    /// `WEB_PORT`
    case variable(String)
    case file(path: String, line: Int)
    case standard
    /// None was given, and there is no default.
    case none

    /// `--web-port`, `WEB_PORT`, `settings.yaml:12`, `default` or nothing.
    package var description: String {
        switch self {
        case .flag(let name), .variable(let name): name
        case .file(let path, let line): "\(path):\(line)"
        case .standard: "default"
        case .none: ""
        }
    }
}
