/// Where records are set aside that cannot be used, so that people find them.
package protocol DeadLetters: Sendable {
    /// Returns once it is durable there.
    func setAside(_ letter: DeadLetter) async throws
}
