/// The tokens of a secret, one a line: while one is being replaced, the file holds the old one and the new one.
package enum BearerTokens {
    package static func read(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map { line in
            var line = line
            while line.first?.isWhitespace == true { line.removeFirst() }
            while line.last?.isWhitespace == true { line.removeLast() }
            return String(line)
        }.filter { !$0.isEmpty }
    }

    /// A shorter one can be found by trying.
    package static let minimumLength = 16

    /// Those that are long enough: a file may be replaced by a worse one while the process runs.
    package static func usable(_ text: String) -> [String] { read(text).filter { $0.count >= minimumLength } }

    /// Throws when there is no token, or one that is too short.
    static func check(_ text: String, of setting: SettingKey = .webToken) throws(SettingsError) {
        guard let shortest = read(text).map(\.count).min() else {
            throw SettingsError("\(setting.rawValue): it holds no token")
        }
        guard shortest < minimumLength else { return }
        throw SettingsError(
            "\(setting.rawValue): a token of \(shortest) characters can be guessed: use \(minimumLength) or more, for example those of"
                + " `openssl rand -hex 32`"
        )
    }
}
