/// Where records are set aside that cannot be used, so that people find them.
package protocol DeadLetters: Sendable {
    /// Returns once it is durable there.
    func setAside(_ letter: DeadLetter) async throws
}

extension DeadLetters {
    /// Sets all aside at the same time: one after the other, they would hold up what is behind them.
    ///
    /// - Returns: why those failed that could not be stored, by their key.
    package func setAside<Key: Hashable & Sendable>(_ letters: [Key: DeadLetter]) async -> [Key: any Error] {
        await withTaskGroup(of: (Key, (any Error)?).self) { group in
            for (key, letter) in letters {
                group.addTask {
                    do {
                        try await self.setAside(letter)
                        return (key, nil)
                    } catch {
                        return (key, error)
                    }
                }
            }
            var failures: [Key: any Error] = [:]
            for await case (let key, let failure?) in group { failures[key] = failure }
            return failures
        }
    }
}
