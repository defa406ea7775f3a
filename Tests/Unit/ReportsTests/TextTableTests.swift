import Testing

@testable import Reports

@Suite struct TextTableTests {
    @Test("Cells line up at their edges; short rows are no trouble")
    func table() {
        var table = TextTable(edges: [.left, .right])
        table.rows = [["a", "bb"], ["ccc", "d"], ["e"]]
        #expect(table.lines == ["a    bb", "ccc   d", "e"])
    }
}
