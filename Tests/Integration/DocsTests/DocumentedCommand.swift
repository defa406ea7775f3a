import Foundation

/// An `assay …` command line of a page's shell blocks.
struct DocumentedCommand {
    /// The words after `assay`.
    var arguments: [String]
    /// The file that is read as standard input.
    var input: String?
    var isInConsole = false
    /// In a `console` block: what the command answers.
    var output = ""

    static func all(of block: Snippet) -> [DocumentedCommand] {
        switch block.language {
        case "sh": ShellWords.lines(block.text).flatMap(commands)
        case "console":
            ConsoleStep.all(of: block).flatMap { step in
                commands(step.command).map { command in
                    var command = command
                    command.isInConsole = true
                    command.output = step.output
                    return command
                }
            }
        default: []
        }
    }

    /// Those of a line, also behind `if`, in a pipe or in `$(…)`.
    private static func commands(_ line: String) -> [DocumentedCommand] {
        var commands: [DocumentedCommand] = []
        var words = ShellWords.split(line)[...]
        var isCommand = true
        while let word = words.popFirst() {
            if isCommand, word == .plain("assay") {
                commands.append(DocumentedCommand(takingFrom: &words))
            } else {
                isCommand = word.precedesCommand
            }
        }
        return commands
    }

    /// Takes the words up to the end of the command.
    private init(takingFrom words: inout ArraySlice<ShellWords.Word>) {
        arguments = []
        while let word = words.first, case .plain(let text) = word {
            words.removeFirst()
            arguments.append(text)
        }
        if words.first == .operator("<"), case .plain(let file) = words.dropFirst().first { input = file }
    }
}

/// One command of a `console` block: the line after `$ `, and everything up to the next one as its answer.
struct ConsoleStep {
    var command: String
    var output = ""

    static func all(of block: Snippet) -> [ConsoleStep] {
        var steps: [ConsoleStep] = []
        for line in block.text.components(separatedBy: "\n").dropLast() {
            if let last = steps.indices.last, steps[last].output.isEmpty, steps[last].command.hasSuffix("\\") {
                steps[last].command += "\n" + line
            } else if line.hasPrefix("$ ") {
                steps.append(ConsoleStep(command: String(line.dropFirst(2))))
            } else if let last = steps.indices.last {
                steps[last].output += line + "\n"
            }
        }
        return steps.map { step in
            var step = step
            step.command = step.command.replacing("\\\n", with: " ")
            while step.output.hasSuffix("\n\n") { step.output.removeLast() }
            return step
        }
    }
}
