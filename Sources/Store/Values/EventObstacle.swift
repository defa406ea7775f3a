import StoredFormats

/// What keeps a deploy event of the inbox from being answered by this version.
enum EventObstacle: Error, Equatable {
    /// A session of its release is not finished, and this version cannot work on it.
    case session(String)
    /// A newer version has written the event.
    case newerEvent(form: Int)
    /// A newer version has written what is known about its release.
    case newerTimeline(form: Int)
    /// The event, or what is known about its release, cannot be read, for this reason.
    case unreadable(String)

    /// The event could not be read.
    init(reading error: FormError) {
        self = if case .newer(let form) = error.code { .newerEvent(form: form) } else { .unreadable(error.message) }
    }

    /// What is known about its release could not be read.
    init(readingTimelineOf release: String, _ error: FormError) {
        self =
            if case .newer(let form) = error.code {
                .newerTimeline(form: form)
            } else {
                .unreadable("what is known about \(release) cannot be read: \(error.message)")
            }
    }
}

/// The rows of the table `inbox` that this version can answer, as far as their columns say. Rows that version 0.1.0 wrote
/// say nothing.
enum AnswerableRows {
    /// A replica of a newer version answers the others.
    static let ofKnownForm =
        "(form IS NULL OR form <= \(KnownForms.event))"
        + " AND (timeline_form IS NULL OR timeline_form <= \(KnownForms.timeline))"

    static let ofNewerForm =
        "answered_at IS NULL AND set_aside_at IS NULL AND (form > \(KnownForms.event) OR timeline_form > \(KnownForms.timeline))"

    /// One sentence about a row of a newer form, as SQL.
    static let newerForm = """
        CASE WHEN form > \(KnownForms.event) THEN 'the event has form ' || form
            ELSE 'what is known about its release has form ' || timeline_form END
        """
}
