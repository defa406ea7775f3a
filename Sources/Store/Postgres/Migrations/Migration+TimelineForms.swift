extension Migration {
    static let timelineForms = Migration(
        version: 6,
        name: "events that wait for a newer version",
        oldestServer: 1,
        script: "ALTER TABLE inbox ADD COLUMN timeline_form int;"
    )
}
