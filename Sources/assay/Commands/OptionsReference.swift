import ArgumentParser
import Foundation

/// The options of each command that are no settings, as Markdown tables.
enum OptionsReference {
    private struct Tool: Decodable {
        var command: Command
    }

    private struct Command: Decodable {
        var commandName: String
        var subcommands: [Command]?
        var arguments: [Argument]?
    }

    private struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String
        }

        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var preferredName: Name?
        var valueName: String?
        var defaultValue: String?
        var abstract: String?
    }

    static var markdown: String {
        let dump = Data(Assay._dumpHelp().utf8)
        // What the library writes it can be read by.
        guard let tool = try? JSONDecoder().decode(Tool.self, from: dump) else { return "" }
        return (tool.command.subcommands ?? []).compactMap { command in
            let rows = (command.arguments ?? []).compactMap(row)
            guard !rows.isEmpty, command.commandName != "help" else { return nil }
            let head = ["| option | default | meaning |", "| --- | --- | --- |"]
            return "### Options of `\(command.commandName)`\n\n" + (head + rows).joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    private static func row(_ argument: Argument) -> String? {
        let name = argument.preferredName?.name
        guard argument.shouldDisplay, name != "help", name != "version" else { return nil }
        let value = argument.valueName.map { "<\($0)>" } ?? ""
        let option =
            switch argument.kind {
            case "positional": value
            case "flag": "--\(name ?? "")"
            default: "--\(name ?? "") \(value)"
            }
        let standard =
            argument.kind == "flag"
            ? "" : argument.defaultValue.map { "`\($0)`" } ?? (argument.isOptional ? "" : "required")
        let meaning = (argument.abstract ?? "").replacing("|", with: "\\|")
        return "| `\(option)` | \(standard) | \(meaning) |"
    }
}
