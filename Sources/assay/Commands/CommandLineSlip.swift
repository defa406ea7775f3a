/// A slip in a command line that would otherwise end with exit code 0, or do something else than was meant.
///
/// The parser of arguments prints the version or the help wherever it meets their flags, and ends with 0, which a
/// pipeline reads as done or as a pass. Of a flag that is given twice it takes the last one.
struct CommandLineSlip: Error, Equatable, CustomStringConvertible {
    let description: String

    /// Flags that the parser of arguments knows beside those of the command, and that end it with 0.
    private static let helpFlags = ["-h", "-help", "--help", "--help-hidden", "-help-hidden"]
    private static let versionFlags = ["--version", "-version"]
    private static let otherFlags = ["--experimental-dump-help", "--generate-completion-script"]
    /// Commands of pipelines: their exit code is a decision.
    private static let strict = ["emit", "wait", "judge", "validate", "health", "show"]
    private static let repeatable = ["emit": ["--control", "--experiment"]]

    /// Nil when there is none. `arguments` are those after the program's name.
    ///
    /// - Parameter commands: the names of all commands.
    static func find(in arguments: [String], commands: [String]) -> CommandLineSlip? {
        guard let command = arguments.first else {
            return CommandLineSlip(description: "no command is given: is a variable not set? `assay --help` lists them")
        }
        // What shells ask for completions holds any words.
        guard command != "---completion" else { return nil }
        let rest = Array(arguments.dropFirst())
        if command == "help" { return alone(in: arguments, of: nil) ?? unknownCommand(in: rest, commands) }
        guard !command.hasPrefix("-") else { return alone(in: arguments, of: nil) }
        return alone(in: rest, of: command)
            ?? (strict.contains(command) ? repetition(in: rest, of: command) ?? emptyValue(in: rest) : nil)
    }

    private static func name(_ argument: String) -> String {
        String(argument.prefix { $0 != "=" })
    }

    /// What prints something and ends is a command line of its own.
    private static func alone(in arguments: [String], of command: String?) -> CommandLineSlip? {
        for argument in arguments {
            let flag = name(argument)
            if versionFlags.contains(flag) {
                let meant =
                    ["emit", "wait"].contains(command ?? "")
                    ? "did you mean --release-version?" : "`assay --version` shows the version of the program."
                // Of the program itself; a value makes it another's.
                if command == nil, argument == flag, arguments.count == 1 { return nil }
                return CommandLineSlip(description: "\(flag) is no option here; \(meant) Nothing was done")
            }
            if helpFlags.contains(flag), argument != flag {
                return CommandLineSlip(description: "\(flag) has no value, and stands alone: nothing was done")
            }
            if helpFlags.contains(flag), arguments.count > 1 {
                let line = ["assay", command, "--help"].compactMap { $0 }.joined(separator: " ")
                return CommandLineSlip(
                    description: "\(flag) stands among other arguments: nothing was done. `\(line)` shows the options"
                )
            }
            if otherFlags.contains(flag), command != nil || arguments.count > (argument == flag ? 2 : 1) {
                return CommandLineSlip(description: "\(flag) is no option here. Nothing was done")
            }
        }
        return nil
    }

    /// The parser of arguments shows the help of the program for a command that there is not.
    private static func unknownCommand(in arguments: [String], _ commands: [String]) -> CommandLineSlip? {
        guard let first = arguments.first else { return nil }
        let unknown = commands.contains(first) ? arguments.first { $0.hasPrefix("-") } : first
        return unknown.map {
            CommandLineSlip(
                description: "`assay help` takes the name of a command, and \($0) is none: nothing was done"
            )
        }
    }

    private static func repetition(in arguments: [String], of command: String) -> CommandLineSlip? {
        var seen: Set<String> = []
        for argument in arguments where argument.hasPrefix("--") && argument.count > 2 {
            let flag = name(argument)
            if repeatable[command]?.contains(flag) == true { continue }
            guard seen.insert(flag).inserted else { return CommandLineSlip(description: "\(flag) is given twice") }
        }
        return nil
    }

    /// An empty value is most often a variable that is not set: it must not mean "any", or "not given".
    private static func emptyValue(in arguments: [String]) -> CommandLineSlip? {
        for (index, argument) in arguments.enumerated() {
            let flag: String
            if argument.hasPrefix("--"), argument.hasSuffix("="), name(argument).count == argument.count - 1 {
                flag = name(argument)
            } else if argument.allSatisfy(\.isWhitespace) {
                flag = index > 0 ? arguments[index - 1] : "an argument"
            } else {
                continue
            }
            return CommandLineSlip(description: "\(flag) is empty: is a variable not set?")
        }
        return nil
    }
}
