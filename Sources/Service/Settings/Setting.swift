/// One setting: a key that is a flag, an environment variable and a file key at once.
package struct Setting: Sendable, Equatable {
    /// Which commands read it.
    package enum Reader: String, Sendable {
        case serve
        case rollout
        case migrate
        /// `validate --live`: what serve is told about the metrics back end.
        case validate
        /// `emit` and `wait`.
        case pipeline
        /// Every command that talks to Kafka.
        case kafka
    }

    /// Dots between parts, camel case inside them: `web.portFile`.
    package var key: String
    /// What its text must look like.
    package var kind = SettingKind.text
    package var meaning: String
    /// The default as text; nil when there is none.
    package var defaultText: String?
    package var isSecret = false
    package var readers: [Reader]

    /// `--web-port-file`
    package var flag: String { "--" + words.joined(separator: "-") }

    /// `WEB_PORT_FILE`
    package var variable: String { words.joined(separator: "_").uppercased() }

    private var words: [String] {
        key.split(separator: ".").flatMap { part in
            part.reduce(into: [""]) { words, character in
                if character.isUppercase { words.append("") }
                words[words.count - 1] += character.lowercased()
            }
        }
    }
}
