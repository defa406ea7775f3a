extension PlanDirectory {
    /// Reads every plan file of the directory, in the order of their names. Throws with every problem of every file.
    package static func load(_ directory: String, reader: PlanReader) throws(PlanFileErrors) -> PlanDirectory {
        try PlanDirectory(files: try PlanFiles.read(directory, limits: reader.limits), reader: reader)
    }

    /// The plans of files that have been read. Throws with every problem of every file.
    package init(files: PlanFiles, reader: PlanReader) throws(PlanFileErrors) {
        let (plans, errors) = Self.documents(of: files, reader: reader)
        if let errors { throw errors }
        try self.init(plans: plans, reader: reader)
    }

    /// The plans of those files that can be read, and every problem of the others.
    package static func documents(
        of files: PlanFiles,
        reader: PlanReader
    ) -> (plans: [PlanDocument], errors: PlanFileErrors?) {
        var plans: [PlanDocument] = []
        var errors: [PlanFileError] = []
        var omitted = 0
        for file in files.files {
            do throws(PlanFileErrors) {
                plans += try reader.read(try file.text.get(), file: file.path)
            } catch {
                errors += error.errors
                omitted += error.omitted
            }
        }
        return (plans, errors.isEmpty ? nil : PlanFileErrors(errors, omitted: omitted))
    }
}
