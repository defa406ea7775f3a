/// A table as aligned text and as Markdown.
package struct Table: Sendable, Equatable {
    package var title: String
    package var columns: [String]
    package var rows: [[String]]

    package init(title: String, columns: [String], rows: [[String]] = []) {
        self.title = title
        self.columns = columns
        self.rows = rows
    }

    /// The title, the head and one line per row; columns after the first stand at the right unless they are texts.
    package var lines: [String] {
        let all = [columns] + rows
        let widths = columns.indices.map { column in all.map { Self.cell($0, column).count }.max() ?? 0 }
        let isNumeric = columns.indices.map { column in
            rows.contains { Self.cell($0, column).first?.isNumber == true }
                && rows.allSatisfy { Self.isNumber(Self.cell($0, column)) }
        }
        let text = all.map { row in
            let cells = columns.indices.map { column in
                let cell = Self.cell(row, column)
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                return isNumeric[column] ? blanks + cell : cell + blanks
            }
            return "  " + Self.trimmed(cells.joined(separator: "  "))
        }
        return [title] + text
    }

    package var markdown: [String] {
        let head = ["| " + columns.joined(separator: " | ") + " |", "|" + columns.map { _ in " --- |" }.joined()]
        return ["### \(title)", ""] + head
            + rows.map { row in
                "| " + columns.indices.map { Self.cell(row, $0).replacing("|", with: "\\|") }.joined(separator: " | ")
                    + " |"
            }
    }

    private static func cell(_ row: [String], _ column: Int) -> String {
        row.indices.contains(column) ? row[column] : ""
    }

    private static func isNumber(_ cell: String) -> Bool {
        cell.isEmpty || cell == "-" || cell.first?.isNumber == true
    }

    private static func trimmed(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " }.reversed())
    }
}
