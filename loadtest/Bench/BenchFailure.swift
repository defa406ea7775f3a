/// Why a run could not go on, in one sentence.
package struct BenchFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
