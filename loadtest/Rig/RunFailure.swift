/// Why a run could not go on, in one sentence.
package struct RunFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
