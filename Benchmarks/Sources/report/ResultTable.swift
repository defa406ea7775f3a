import Foundation

/// A Markdown table: texts on the left, then numbers.
struct ResultTable {
    let title: String
    let columns: [String]
    /// How many of the columns are texts.
    var texts = 1
    private(set) var rows: [[String]] = []
    var note: String?

    init(_ title: String, columns: [String]) {
        self.title = title
        self.columns = columns
    }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    func print() {
        let widths = columns.indices.map { column in
            ([columns] + rows).map { $0.indices.contains(column) ? $0[column].count : 0 }.reduce(3, max)
        }
        func line(_ cells: [String]) -> String {
            let padded = zip(cells, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: max(0, cell.1 - cell.0.count))
                return column < texts ? cell.0 + padding : padding + cell.0
            }
            return "| " + padded.joined(separator: " | ") + " |"
        }
        let rule = widths.enumerated().map { column, width in
            column < texts ? String(repeating: "-", count: width) : String(repeating: "-", count: width - 1) + ":"
        }
        let lines = ["### \(title)", "", line(columns), "| " + rule.joined(separator: " | ") + " |"] + rows.map(line)
        Swift.print((lines + (note.map { ["", $0] } ?? []) + [""]).joined(separator: "\n"))
        // Seen as soon as it is known, also through a pipe.
        fflush(nil)
    }
}

/// Numbers as the tables show them: three digits that count, thousands apart.
enum Shown {
    static func number(_ value: Double) -> String {
        guard value.isFinite, value > 0 else { return "\(value)" }
        let decimals = 2 - Int(floor(log10(value)))
        guard decimals < 0 else { return String(format: "%.\(decimals)f", value) }
        let unit = pow(10, Double(-decimals))
        return grouped(Int((value / unit).rounded() * unit))
    }

    static func seconds(_ value: Double) -> String {
        switch value {
        case ..<1e-3: "\(number(value * 1e6)) µs"
        case ..<1: "\(number(value * 1e3)) ms"
        default: "\(number(value)) s"
        }
    }

    /// Of kibibytes.
    static func mebibytes(_ value: Double) -> String { "\(number(value / 1024)) MiB" }

    static func grouped(_ value: Int) -> String {
        let digits = String(value)
        return String(
            digits.enumerated().flatMap { index, digit in
                let remaining = digits.count - index
                return index > 0 && remaining % 3 == 0 ? [",", digit] : [digit]
            }
        )
    }
}
