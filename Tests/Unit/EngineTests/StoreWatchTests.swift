import Engine
import Foundation
import Store
import Testing

@Suite struct StoreWatchTests {
    @Test func askingHasNoEffectOnTheStore() async throws {
        try await withDirectory { directory in
            let path = directory.appending(path: "store.db").path
            let store = try SQLiteStore(path: path)
            let watch = StoreWatch(store: store, clock: ManualClock(EngineHarness.start))
            await watch.look()
            func written() -> Int {
                let attributes = try? FileManager.default.attributesOfItem(atPath: path + "-wal")
                return (attributes?[.size] as? Int) ?? 0
            }
            let before = written()
            for _ in 0..<1000 { #expect(watch.trouble == nil) }
            #expect(written() == before)
            await store.close()
            await watch.look()
            #expect(watch.trouble != nil)
        }
    }
}
