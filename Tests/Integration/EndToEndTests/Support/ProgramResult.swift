import Processes

/// How a program that was run to its end went.
struct ProgramResult: Sendable, CustomStringConvertible {
    var exit: ChildExit
    var output: String
    var errors: String

    var code: Int32? { if case .code(let code) = exit { code } else { nil } }

    var description: String { "\(exit)\nstdout: \(output.prefix(2000))\nstderr: \(errors.prefix(2000))" }
}
