import Analysis
import Foundation
import HTTPTestServer
import PlanFormats
import Testing

@testable import Service

@Suite struct PlanCatalogTests {
    private static func plan(_ name: String, query: String = "up") -> String {
        "name: \(name)\njudge: NetflixACAJudge-v1.0\nschedule: {interval: 1m, lifetime: 5m}\nmetrics: [{name: m, query: \(query)}]\n"
    }

    private static let event = DeployEvent(
        identity: EventIdentity(source: "/s", id: "1"),
        application: "shop",
        environment: "production",
        version: "1"
    )

    @Test func `changed plans replace the earlier ones as a whole`() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.plan("old"), to: "a.yaml")
        let catalog = try PlanCatalog(path: folder.url.path)
        #expect(catalog.reload() == .unchanged)
        let before = try catalog.plan(for: Self.event)

        try folder.write(Self.plan("new"), to: "a.yaml")
        #expect(try catalog.plan(for: Self.event) == before)
        #expect(catalog.reload() == .loaded(["new"]))
        #expect(try catalog.plan(for: Self.event).name == "new")
        #expect(catalog.reload() == .unchanged)
        #expect(catalog.reload(isForced: true) == .loaded(["new"]))
    }

    @Test func `one bad file leaves everything as it was, and is told once`() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.plan("a"), to: "a.yaml")
        let catalog = try PlanCatalog(path: folder.url.path)
        try folder.write(Self.plan("b"), to: "b.yaml")
        let bad = try folder.write("name: c\nmetrics: nothing\n", to: "c.yaml")
        guard case .refused(let problem) = catalog.reload() else {
            Issue.record("not refused")
            return
        }
        #expect(problem.contains("\(bad):2:10: error: "), "\(problem)")
        #expect(!problem.contains("\n"))
        #expect(catalog.names == ["a"])
        #expect(catalog.shelf.refused?.errors.isEmpty == false)
        #expect(catalog.reload() == .unchanged)
        try folder.write(Self.plan("c"), to: "c.yaml")
        #expect(catalog.reload() == .loaded(["a", "b", "c"]))
        #expect(catalog.shelf.refused == nil)
    }

    @Test func `an emptied or removed directory is an accident`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Self.plan("a"), to: "a.yaml")
        let catalog = try PlanCatalog(path: folder.url.path)
        try FileManager.default.removeItem(atPath: file)
        #expect(catalog.reload() == .refused("\(folder.url.path): holds no plan files any more"))
        #expect(catalog.shelf.refused?.errors.first?.problem == "holds no plan files any more")
        try FileManager.default.removeItem(at: folder.url)
        guard case .refused(let problem) = catalog.reload() else {
            Issue.record("not refused")
            return
        }
        #expect(problem.contains("is not a directory that can be read"))
        #expect(catalog.names == ["a"])
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        try folder.write(Self.plan("a"), to: "a.yaml")
        #expect(catalog.reload() == .loaded(["a"]))
    }

    @Test func `links are exchanged as the kubelet does it`() throws {
        let folder = try TemporaryFolder()
        try ConfigMapMount.write(["a.yaml": Self.plan("old")], into: folder.url, version: 1)
        let catalog = try PlanCatalog(path: folder.url.path)
        #expect(catalog.names == ["old"])
        try ConfigMapMount.write(["a.yaml": Self.plan("new")], into: folder.url, version: 2)
        #expect(catalog.reload() == .loaded(["new"]))
    }
}
