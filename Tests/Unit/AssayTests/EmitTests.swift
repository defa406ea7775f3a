import ArgumentParser
import Service
import Testing

@testable import assay

@Suite struct EmitTests {
    @Test("Labels are pairs, each name once")
    func labels() throws {
        #expect(try Emit.labels(["a=1", "b=x=y"], "--control") == ["a": "1", "b": "x=y"])
        for pairs in [["a"], ["=1"], ["a="], ["a=1", "a=2"], ["a=1", "a=1"]] {
            #expect(throws: SettingsError.self, "\(pairs)") { try Emit.labels(pairs, "--control") }
        }
    }

    @Test(
        "A file is sent alone",
        arguments: [["--environment", "e"], ["--control", "a=b"], ["--phase", "cancelled"], ["--id", "1"]]
    )
    func fileAlone(_ option: [String]) throws {
        let emit = try #require(try Assay.parseAsRoot(["emit", "--file", "/dev/null"] + option) as? Emit)
        #expect(throws: SettingsError.self) { try emit.refuseParts(beside: "--file") }
    }
}
