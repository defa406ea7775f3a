import Foundation
import Glibc
import Testing

@testable import Processes

@Suite("What a program is given", .timeLimit(.minutes(5)))
struct SpawnTests {
    @Test("No descriptor but the three is inherited, whatever its number")
    func descriptors() async throws {
        let file = open("/dev/null", O_RDONLY)
        // As the sockets of a C library: without close-on-exec.
        let high = fcntl(file, F_DUPFD, 2000)
        try #require(file >= 0 && high >= 2000)
        let listed = try await Program.run("/bin/ls", ["/proc/self/fd"])
        close(file)
        close(high)
        let descriptors = Set(listed.output.split(separator: "\n").compactMap { Int($0) })
        // The fourth is the folder that is being listed.
        #expect(descriptors == [0, 1, 2, 3], "\(descriptors)")
    }

    @Test("It starts in the folder that is asked for")
    func folder() async throws {
        let directory = try TemporaryDirectory()
        let outcome = try await Program.run("/bin/pwd", in: URL(filePath: directory.path))
        #expect(outcome.output == URL(filePath: directory.path).resolvingSymlinksInPath().path + "\n")
    }
}
