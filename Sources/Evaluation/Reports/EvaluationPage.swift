import Reports

extension EvaluationReport {
    /// One page with plots and tables: nothing in it comes from elsewhere, and it needs no script.
    package var page: String {
        let judges = rows.reduce(into: [String]()) { if !$0.contains($1.judge) { $0.append($1.judge) } }
        let plots = EvaluationPlots(judges: judges)
        let sections = EvaluationSummary(rows).tables.map { Self.section(of: $0, plots) }.joined(separator: "\n")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Evaluation of judges</title>
            <style>
            \(EvaluationStyle.text)
            </style>
            </head>
            <body>
            <main>
            <h1>Evaluation of judges</h1>
            <p class="lead">How often healthy releases are aborted, how many worse ones are found, and after how many looks.
            Seed \(seed).</p>
            \(plots.legend)
            \(sections)
            </main>
            </body>
            </html>

            """
    }

    private static func section(of table: EvaluationSummary.Table, _ plots: EvaluationPlots) -> String {
        let isGrouped = table.lines.contains { $0.families > 1 && $0.family != EvaluationSummary.everything }
        let interval =
            isGrouped
            ? "a line reaches to the worst cell"
            : "a line is the interval at 95 %, of all together it reaches to the worst family"
        return """
            <section>
            <h2>\(table.steps) looks, \(table.comparison.title)</h2>
            <h3>False aborts of healthy releases</h3>
            <p>Share of analyses that failed although nothing was wrong; \(interval).</p>
            \(plots.falseAborts(table, reachesToWorst: isGrouped))
            <h3>What is found</h3>
            <p>Share of worse releases that failed, by how much worse they are.</p>
            \(plots.found(table))
            \(plots.medianLooks(table))
            <details>
            <summary>All numbers</summary>
            \(numbers(of: table))
            </details>
            </section>
            """
    }

    private static func numbers(of table: EvaluationSummary.Table) -> String {
        let heads = ["family", "judge", "analyses"] + table.degradations.map(\.title)
        let head = heads.map { "<th scope=\"col\">\($0)</th>" }.joined()
        let body = table.lines.map { line in
            let analyses = line.cells.values.map(\.analyses).max() ?? 0
            let cells = table.degradations.map { degradation in
                line.cells[degradation].map { "<td>\(number($0, degradation, families: line.families))</td>" }
                    ?? "<td></td>"
            }
            let names =
                "<th scope=\"row\">\(line.family.htmlText)</th><td>\(line.judge.htmlText)</td><td>\(analyses)</td>"
            return "<tr>\(names)\(cells.joined())</tr>"
        }
        return """
            <div class="scroll"><table>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(body.joined(separator: "\n"))
            </tbody>
            </table></div>
            """
    }

    private static func number(
        _ cell: EvaluationSummary.Cell,
        _ degradation: Degradation,
        families: Int
    ) -> String {
        let share = percent(cell.failedShare)
        if degradation.ratio == 1 {
            let (low, high) = (percent(cell.interval.lowerBound), percent(cell.interval.upperBound))
            let rest = families > 1 ? "worst \(percent(cell.worst))" : "\(low) to \(high)"
            return "\(share)<small>\(rest)</small>"
        }
        return "\(share)<small>\(cell.medianLook.map { "look \(number($0))" } ?? "none")</small>"
    }
}
