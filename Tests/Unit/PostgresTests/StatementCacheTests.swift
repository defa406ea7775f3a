import Testing

@testable import Postgres

@Suite struct StatementCacheTests {
    private func key(_ sql: String) -> StatementKey { StatementKey(sql: sql, types: []) }

    @Test func theLeastRecentlyUsedGoes() {
        var cache = StatementCache(capacity: 2)
        let first = cache.name(for: self.key("a"))
        #expect(first.isNew)
        _ = cache.name(for: self.key("b"))
        #expect(cache.name(for: self.key("a")) == (first.name, false))
        #expect(cache.name(for: self.key("c")).isNew == true)
        #expect(cache.count == 2)
        #expect(cache.discarded.count == 1)
        #expect(cache.name(for: self.key("a")).isNew == false)
        #expect(cache.name(for: self.key("b")).isNew == true)
    }

    @Test func typesAreAPartOfTheKey() {
        var cache = StatementCache(capacity: 2)
        _ = cache.name(for: StatementKey(sql: "a", types: [.text]))
        #expect(cache.name(for: StatementKey(sql: "a", types: [.int8])).isNew == true)
    }

    @Test func whatIsForgottenIsNotDropped() {
        var cache = StatementCache(capacity: 2)
        let name = cache.name(for: self.key("a")).name
        cache.forget(self.key("a"))
        #expect(cache.discarded.isEmpty)
        let other = cache.name(for: self.key("a"))
        #expect(other.isNew && other.name != name)
        cache.discard(self.key("a"))
        #expect(cache.discarded == [other.name])
        cache.dropped(other.name)
        #expect(cache.discarded.isEmpty)
    }
}
