/// Columns of text, each as wide as its widest cell.
package struct TextTable: Sendable {
    /// The edge of its column at which a cell stands.
    package enum Edge: Sendable {
        case left, right
    }

    package var edges: [Edge]
    package var rows: [[String]] = []

    package init(edges: [Edge]) {
        self.edges = edges
    }

    /// One line per row, without blanks at its end.
    package var lines: [String] {
        let widths = edges.indices.map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row.indices, row).map { column, cell -> String in
                guard edges.indices.contains(column) else { return cell }
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                return edges[column] == .right ? blanks + cell : cell + blanks
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}
