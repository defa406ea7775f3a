/// Why Go's `regexp` would refuse an expression.
struct RegularExpressionProblem: Error {
    var problem: String
}
