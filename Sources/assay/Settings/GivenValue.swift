/// A text that somebody gave a setting, and where.
struct GivenValue: Sendable, Equatable {
    var text: String
    var origin: SettingOrigin
}

/// Where the value of a setting comes from.
enum SettingOrigin: Sendable, Equatable, CustomStringConvertible {
    /// `--web-port`
    case flag(String)
    /// `WEB_PORT`
    case variable(String)
    case file(path: String, line: Int)
    case standard
    /// Nobody gave one, and there is no default.
    case none

    /// `--web-port`, `WEB_PORT`, `settings.yaml:12`, `default` or nothing.
    var description: String {
        switch self {
        case .flag(let name), .variable(let name): name
        case .file(let path, let line): "\(path):\(line)"
        case .standard: "default"
        case .none: ""
        }
    }
}
