import JSON

/// One series with a time and a value a line (`timestamp,value`), and the times that people labelled as anomalies.
struct LabelledSeries {
    /// In time order.
    let times: [Double]
    let values: [Double]

    init(parsing text: String, file: String) throws(SeriesProblem) {
        var columns: (time: Int, value: Int)?
        var samples: [(time: Double, value: Double)] = []
        try DelimitedText(text, file: file).forEach { (number, fields) throws(SeriesProblem) in
            guard let columns else {
                let names = fields.map { $0.trimmedBlanks.lowercased() }
                guard let time = names.firstIndex(of: "timestamp"), let value = names.firstIndex(of: "value") else {
                    throw SeriesProblem(file, line: number, "the columns timestamp and value are needed")
                }
                columns = (time, value)
                return
            }
            guard fields.count > max(columns.time, columns.value) else {
                throw SeriesProblem(file, line: number, "a column is missing")
            }
            guard let time = CivilTime.seconds(fields[columns.time]) else {
                throw SeriesProblem(file, line: number, "\(fields[columns.time].prefix(40)) is no time")
            }
            guard let value = try DelimitedText.number(fields[columns.value], file: file, line: number) else { return }
            samples.append((time, value))
        }
        samples.sort { $0.time < $1.time }
        times = samples.map(\.time)
        values = samples.map(\.value)
    }

    /// The values in the order of time; NaN where a label says that something was wrong.
    func values(without anomalies: [ClosedRange<Double>]) -> [Double] {
        zip(times, values).map { time, value in anomalies.contains { $0.contains(time) } ? .nan : value }
    }
}

/// The labelled times of all series of a collection: `{"folder/file.csv": [[start, end], …]}`.
struct AnomalyWindows {
    private let windows: [String: [ClosedRange<Double>]]

    /// No labels at all.
    static let none = AnomalyWindows(windows: [:])

    private init(windows: [String: [ClosedRange<Double>]]) {
        self.windows = windows
    }

    init(parsing text: String, file: String) throws(SeriesProblem) {
        guard let members = (try? JSONParser.parse(Array(text.utf8), maximumDepth: 8))?.object?.members else {
            throw SeriesProblem(file, "is no JSON object of lists of windows")
        }
        var windows: [String: [ClosedRange<Double>]] = [:]
        for (name, value) in members {
            var found: [ClosedRange<Double>] = []
            for window in value.elements ?? [] {
                let ends = (window.elements ?? []).compactMap { $0.text.flatMap(CivilTime.seconds) }
                guard ends.count == 2, ends[0] <= ends[1] else {
                    throw SeriesProblem(file, "a window of \(name.prefix(80)) is no pair of times")
                }
                found.append(ends[0]...ends[1])
            }
            windows[name] = found
        }
        self.windows = windows
    }

    /// - Parameter name: `folder/file.csv`.
    subscript(name: String) -> [ClosedRange<Double>] { windows[name] ?? [] }
}
