import Logging
import Store

/// Opens the store that the settings name.
struct StoreOpener {
    let settings: ServeSettings
    let logger: Logger

    func open() throws(StoreError) -> any Store {
        try SQLiteStore(path: settings.storePath, takesOver: settings.roles.contains(.engine))
    }
}
