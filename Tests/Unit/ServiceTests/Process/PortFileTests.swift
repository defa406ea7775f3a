import Foundation
import Testing

@testable import Service

@Suite struct PortFileTests {
    @Test(arguments: [nil, 0o666 as mode_t])
    func itIsForItsUserAlone(former: mode_t?) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "port").path
        if let former {
            try Data("8080\n".utf8).write(to: URL(fileURLWithPath: path))
            chmod(path, former)
        }
        try PortFile.write("9090\n", to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "9090\n")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["port"])
        #expect(throws: (any Error).self) { try PortFile.write("1\n", to: folder.appending(path: "none/port").path) }
        try PortFile.write("1\n", to: "/dev/null")
    }
}
