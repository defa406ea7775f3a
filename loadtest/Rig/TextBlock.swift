/// A text of fixed width with a title, such as a chart.
package struct TextBlock: Sendable, Equatable {
    package var title: String
    package var lines: [String]

    package init(title: String, lines: [String]) {
        self.title = title
        self.lines = lines
    }
}
