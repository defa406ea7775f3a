import Foundation
import Testing
import TextFiles

@Suite struct TextFileTests {
    private func reading(_ bytes: [UInt8], limit: Int = 100) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "text-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try TextFile.read(path, maximumBytes: limit)
    }

    @Test func textIsReadWithoutItsMark() throws {
        #expect(try reading([0xEF, 0xBB, 0xBF] + Array("a\r\nb".utf8)) == "a\r\nb")
        #expect(try reading([]) == "")
        #expect(try reading(Array("ä\u{FEFF}".utf8)) == "ä\u{FEFF}")
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE, 0x61, 0], TextFileError.Code.notUTF8, "is UTF-16: save it as UTF-8"),
            ([0x61, 0xFF], .notUTF8, "is not UTF-8"),
            ([0x61, 0, 0x62, 0], .notUTF8, "is no text: it holds a byte of zero"),
            (Array(repeating: 0x61, count: 101), .tooLarge, "has more than 100 bytes"),
        ] as [([UInt8], TextFileError.Code, String)]
    )
    func unusableBytes(bytes: [UInt8], code: TextFileError.Code, problem: String) {
        let error = #expect(throws: TextFileError.self) { try reading(bytes) }
        #expect(error?.code == code)
        #expect(error?.problem == problem)
    }

    @Test func whatIsNoFile() {
        let missing = #expect(throws: TextFileError.self) { try TextFile.read("/nowhere/nosuch.yaml", maximumBytes: 1) }
        #expect(missing?.description == "/nowhere/nosuch.yaml: no such file")
        #expect(throws: TextFileError.self) { try TextFile.read("", maximumBytes: 1) }
        let folder = #expect(throws: TextFileError.self) { try TextFile.read("/tmp", maximumBytes: 1) }
        #expect(folder?.description == "/tmp: is a directory")
        let device = #expect(throws: TextFileError.self) { try TextFile.read("/dev/null", maximumBytes: 1) }
        #expect(device?.code == .notRegular)
        #expect((try? TextFile.read("/dev/null", maximumBytes: 1, acceptsPipes: true)) == "")
    }
}
