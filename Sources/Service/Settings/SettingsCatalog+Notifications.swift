extension SettingsCatalog {
    /// Who is told of verdicts.
    static let notifications: [Setting] = [
        Setting(
            key: .notificationsFile,
            kind: .file,
            meaning:
                "File with the destinations of notifications: chats, mail, alerts, other systems. Read at the start, by every"
                + " process with the role engine, web or relay.",
            readers: [.serve]
        )
    ]
}
