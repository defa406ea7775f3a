/// The metrics of a whole application in one wide table: three lines name component, metric and statistic of each column,
/// a fourth one names the index, then follows a line a step.
struct ComponentMetrics {
    struct Column {
        var component: String
        /// For example `latency`, `requests`, `availability`.
        var metric: String
        /// For example `Average`, `p50`, `p99`.
        var statistic: String
        /// A value a step; NaN where none was measured.
        var values: [Double]

        /// The share of steps that have a value.
        var filled: Double {
            values.isEmpty ? 0 : Double(values.count { !$0.isNaN }) / Double(values.count)
        }
    }

    let columns: [Column]

    init(parsing text: String, file: String) throws(SeriesProblem) {
        var heads: [[String]] = []
        var columns: [Column] = []
        try DelimitedText(text, file: file).forEach { (number, fields) throws(SeriesProblem) in
            if heads.count < 3 {
                guard heads.isEmpty || fields.count == heads[0].count, fields.count > 1 else {
                    throw SeriesProblem(file, line: number, "three lines of equal length must name the columns")
                }
                heads.append(fields)
                if heads.count == 3 {
                    columns = (1..<fields.count).map {
                        Column(component: heads[0][$0], metric: heads[1][$0], statistic: heads[2][$0], values: [])
                    }
                }
                return
            }
            guard fields.count == heads[0].count else {
                throw SeriesProblem(file, line: number, "has \(fields.count) fields, and not \(heads[0].count)")
            }
            // The line that names the index has no values.
            if Double(fields[0].trimmedBlanks) == nil { return }
            for index in columns.indices {
                let value = try DelimitedText.number(fields[index + 1], file: file, line: number)
                columns[index].values.append(value ?? .nan)
            }
        }
        guard heads.count == 3 else { throw SeriesProblem(file, "three lines must name the columns") }
        self.columns = columns
    }
}
