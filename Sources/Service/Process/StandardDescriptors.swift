import Glibc

/// Standard input, output and error.
package enum StandardDescriptors {
    /// Opens those that the process was started without: the next file or connection would have their numbers, and be
    /// written to as a log.
    package static func open() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is taken, which is this one.
            _ = Glibc.open("/dev/null", O_RDWR)
        }
    }
}
