import Foundation
import Testing

/// Every seed of every fuzzer, and every input that once broke something, holds what the fuzzers check.
@Suite struct CorpusTests {
    private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Fuzzing/Corpus")

    @Test(arguments: FuzzTarget.all)
    func holds(target: FuzzTarget) async throws {
        let folder = Self.corpus.appendingPathComponent(target.name)
        let seeds = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(seeds.count >= 3)
        for seed in [""] + seeds {
            let bytes = seed.isEmpty ? [] : Array(try Data(contentsOf: folder.appendingPathComponent(seed)))
            #expect(bytes.count <= target.maximumBytes, "\(seed)")
            do { try await target.check(bytes) } catch {
                Issue.record("\(target.name)/\(seed): \(error)")
            }
        }
    }

    /// Seeds cut short and with bytes changed, the same in every run: what the fuzzers try first.
    @Test(arguments: FuzzTarget.all)
    func holdsForDamagedSeeds(target: FuzzTarget) async throws {
        let folder = Self.corpus.appendingPathComponent(target.name)
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(max(1, bound)))
        }
        for seed in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().prefix(8) {
            let whole = Array(try Data(contentsOf: folder.appendingPathComponent(seed)))
            for round in 0..<6 {
                var bytes = round == 0 ? Array(whole.prefix(whole.count / 2)) : whole
                for _ in 0..<(round * 2) where !bytes.isEmpty {
                    bytes[next(bytes.count)] = UInt8(next(256))
                }
                do { try await target.check(bytes) } catch {
                    Issue.record("\(target.name): \(error): \(bytes)")
                }
            }
        }
    }

    @Test func everyFolderHasItsTarget() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path).sorted()
        #expect(folders == FuzzTarget.all.map(\.name).sorted())
    }
}

extension FuzzTarget: CustomTestStringConvertible {
    package var testDescription: String { name }
}

extension FuzzTarget {
    func check(_ bytes: [UInt8]) async throws {
        switch property {
        case .direct(let check): try check(bytes)
        case .suspending(let check): try await check(bytes)
        }
    }
}
