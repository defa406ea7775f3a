/// The version of the program.
package enum ProgramVersion {
    package static let current = "0.2.0-dev"
}
