/// SQL that looks at groups of rows one after another, each by one step into an index: what lies between the first row of a
/// group and the first of the next is not read.
struct GroupSearch {
    var table: String
    /// The column that names the group.
    var column: String
    /// Which rows there are, apart from the group: the condition of the index, and the columns before `column` in it.
    var condition: String
    /// Whether there is something to do for the group `name`, as an expression.
    var isDue: String

    /// Rows of `name, is_due`, at most `visits`: groups behind `place`, and then those from the beginning up to it.
    func sql(place: String, visits: String) -> String {
        """
        WITH RECURSIVE later (name, step) AS (
            \(steps(in: "later", where: "\(column) > \(place)", visits: visits))
        ), earlier (name, step) AS (
            \(steps(in: "earlier", where: "\(column) <= \(place)", visits: visits))
        ), visited (name, step, part) AS (
            SELECT name, step, 0 FROM later WHERE name IS NOT NULL
            UNION ALL SELECT name, step, 1 FROM earlier WHERE name IS NOT NULL
            ORDER BY 3, 2 LIMIT \(visits)
        )
        SELECT name, (\(isDue)) AS is_due FROM visited ORDER BY part, step
        """
    }

    /// Those up to the place are looked at as far as those behind it have left visits.
    private func steps(in part: String, where bound: String, visits: String) -> String {
        let left = part == "later" ? visits : "\(visits) - (SELECT count(name) FROM later)"
        return """
            SELECT (SELECT min(\(column)) FROM \(table) WHERE \(condition) AND \(bound)), 1 WHERE \(left) > 0
            UNION ALL
            SELECT (SELECT min(\(column)) FROM \(table) WHERE \(condition) AND \(bound) AND \(column) > \(part).name), step + 1
            FROM \(part) WHERE name IS NOT NULL AND step < \(left)
            """
    }
}
