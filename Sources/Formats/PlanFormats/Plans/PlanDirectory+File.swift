extension PlanDirectory {
    /// Every plan of one file. Blocks on the file system.
    package static func documents(
        inFile path: String,
        reader: PlanReader
    ) throws(PlanFileErrors) -> [PlanDocument] {
        guard let text = try PlanFiles.text(of: path, limit: reader.limits.maximumBytes) else {
            throw PlanFileErrors([PlanFileError(file: path, problem: "is not a regular file")])
        }
        return try reader.read(text, file: path)
    }
}
