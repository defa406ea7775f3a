import Service

/// Which analysis is meant by the words of a command line, apart from the settings among them.
struct AnalysisArguments: Equatable {
    enum Choice: Equatable {
        /// The id of its session.
        case session(String)
        /// The newest one of a release.
        case newest(ReleaseFilter)
    }

    let choice: Choice
    let settings: [String]

    static let help = "The session's id; or application, environment and version: the newest analysis of that release."

    init(_ arguments: [String], cluster: String?, namespace: String?) throws(SettingsError) {
        let (words, settings) = Self.parted(arguments)
        self.settings = settings
        switch words.count {
        case 1:
            guard cluster == nil, namespace == nil else {
                throw SettingsError("--cluster and --namespace go with an application, an environment and a version")
            }
            choice = .session(words[0])
        case 3:
            choice = .newest(
                ReleaseFilter(
                    application: words[0],
                    environment: words[1],
                    cluster: cluster,
                    namespace: namespace,
                    version: words[2]
                )
            )
        default: throw SettingsError("give the id of a session, or an application, an environment and a version")
        }
    }

    /// Settings have values: what follows a flag without `=` belongs to it.
    static func parted(_ arguments: [String]) -> (words: [String], settings: [String]) {
        var (words, settings): ([String], [String]) = ([], [])
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("-") else {
                words.append(argument)
                continue
            }
            settings.append(argument)
            if !argument.contains("="), let value = rest.first, !value.hasPrefix("-") {
                settings.append(value)
                rest.removeFirst()
            }
        }
        return (words, settings)
    }

    /// The id of its session.
    func session(_ client: ServiceClient) async throws -> String {
        switch choice {
        case .session(let id): id
        case .newest(let filter): try await client.newestAnalysis(of: filter)
        }
    }
}
