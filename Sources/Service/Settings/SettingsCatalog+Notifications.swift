extension SettingsCatalog {
    /// Who is told of verdicts.
    static let notifications: [Setting] = [
        Setting(
            key: .notificationsFile,
            kind: .file,
            meaning:
                "File with the destinations of notifications: chats, mail, alerts, dashboards, other systems. Read at the start,"
                + " by every process.",
            readers: [.serve]
        )
    ]
}
