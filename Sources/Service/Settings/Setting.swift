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

    package var id: SettingKey
    /// What its text must look like.
    package var kind = SettingKind.text
    package var meaning: String
    /// The default as text; nil when there is none.
    package var defaultText: String?
    package var isSecret = false
    package var readers: [Reader]

    package init(
        key: SettingKey,
        kind: SettingKind = .text,
        meaning: String,
        defaultText: String? = nil,
        isSecret: Bool = false,
        readers: [Reader]
    ) {
        id = key
        self.kind = kind
        self.meaning = meaning
        self.defaultText = defaultText
        self.isSecret = isSecret
        self.readers = readers
    }

    /// Dots between parts, camel case inside them: `web.portFile`.
    package var key: String { id.rawValue }

    /// `--web-port-file`
    package var flag: String { "--" + words.joined(separator: "-") }

    /// `ASSAY_WEB_PORT_FILE`: what the documentation calls it. Brokers and database go by the names that every program
    /// gives them.
    package var variable: String { isCommon ? plainVariable : prefixedVariable }

    /// Every name under which the variable is read; the first that is given counts.
    package var variables: [String] {
        prefixedVariable == plainVariable ? [prefixedVariable] : [prefixedVariable, plainVariable]
    }

    /// The name that the variable had in 0.1.0, where it is another one now. It is read, with a word in the log.
    package var formerVariable: String? { isCommon || plainVariable == variable ? nil : plainVariable }

    private var isCommon: Bool { [.kafkaBrokers, .databaseUrl].contains(id) }

    private var plainVariable: String { words.joined(separator: "_").uppercased() }

    private var prefixedVariable: String {
        words.first == "assay" ? plainVariable : SettingsCatalog.variablePrefix + plainVariable
    }

    private var words: [String] {
        key.split(separator: ".").flatMap { part in
            part.reduce(into: [""]) { words, character in
                if character.isUppercase { words.append("") }
                words[words.count - 1] += character.lowercased()
            }
        }
    }
}
