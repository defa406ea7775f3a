extension SettingsCatalog {
    /// What verdicts say of other changes.
    static let changes: [Setting] = [
        Setting(
            key: .changesDependenciesFile,
            kind: .file,
            meaning:
                "File that says which application depends on which others: verdicts then name what changed there too."
                + " Looked at for changes as the plan files are.",
            readers: [.serve]
        )
    ]
}
