import Synchronization
import Testing

@testable import Demo

@Suite("The console")
struct ConsoleTests {
    private final class Output: Sendable {
        private let written = Mutex("")
        var text: String { written.withLock { $0 } }
        func write(_ text: String) { written.withLock { $0 += text } }
    }

    @Test("A log gets whole lines and no progress")
    func log() {
        let output = Output()
        let console = Console(isTerminal: false) { output.write($0) }
        console.showProgress("half")
        console.print(["one", "two"])
        console.showProgress("")
        #expect(output.text == "one\ntwo\n")
    }

    @Test("On a terminal lines come above the progress line")
    func terminal() {
        let output = Output()
        let console = Console(isTerminal: true) { output.write($0) }
        console.showProgress("half")
        console.showProgress("half")
        console.print(["one"])
        console.showProgress("")
        #expect(output.text == "\r\u{1B}[Khalf\r\u{1B}[Kone\nhalf\r\u{1B}[K")
    }
}
