/// One setting: a key that is a flag, an environment variable and a file key at once.
struct Setting: Sendable, Equatable {
    /// Which commands read it.
    enum Reader: String, Sendable {
        case serve
        case rollout
        case migrate
        /// `emit` and `wait`.
        case pipeline
        /// Every command that talks to Kafka.
        case kafka
    }

    /// Dots between parts, camel case inside them: `web.portFile`.
    var key: String
    /// What its text must look like.
    var kind = SettingKind.text
    var meaning: String
    /// The default as text; nil when there is none.
    var defaultText: String?
    var isSecret = false
    var readers: [Reader]

    /// `--web-port-file`
    var flag: String { "--" + words.joined(separator: "-") }

    /// `WEB_PORT_FILE`
    var variable: String { words.joined(separator: "_").uppercased() }

    private var words: [String] {
        key.split(separator: ".").flatMap { part in
            part.reduce(into: [""]) { words, character in
                if character.isUppercase { words.append("") }
                words[words.count - 1] += character.lowercased()
            }
        }
    }
}
