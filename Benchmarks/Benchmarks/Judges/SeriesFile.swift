import Foundation
import Judging

/// The series of pairs as programs in other languages read them: a line of numbers for each side, control first.
struct SeriesFile {
    let path: String

    init(_ pairs: [MetricPair]) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "assay-series-\(UUID()).txt").path
        let lines = pairs.flatMap { [$0.control, $0.experiment] }.map { series in
            series.map { "\($0)" }.joined(separator: " ")
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    }

    /// Every reader reads it whole before it says that it is ready.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
