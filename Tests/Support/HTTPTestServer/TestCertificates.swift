import Foundation
import Processes

/// Certificates made on the spot by `openssl`, in a folder of their own.
///
/// `ca.pem` has issued `server.pem` (for 127.0.0.1, not for localhost) and `client.pem` (CN=assay); `other.pem` is a CA
/// that has issued `stranger.pem` (CN=assay too). Keys are beside them: `server.key`.
package final class TestCertificates: Sendable {
    package let folder: TemporaryFolder

    private init(_ folder: TemporaryFolder) {
        self.folder = folder
    }

    package static let isPossible = Program.find("openssl") != nil

    package static func make() async throws -> TestCertificates {
        guard let openssl = Program.find("openssl") else {
            throw TestServerError(description: "openssl is not installed")
        }
        let folder = try TemporaryFolder()
        let script = try folder.write(Self.script, to: "certificates.sh")
        guard try await Program.run("/bin/sh", ["-e", script, openssl], in: folder.url).status == 0 else {
            throw TestServerError(description: "openssl made no certificates")
        }
        return TestCertificates(folder)
    }

    package func path(_ name: String) -> String { folder.path(name) }

    package func text(_ name: String) throws -> String {
        try String(contentsOf: folder.url.appendingPathComponent(name), encoding: .utf8)
    }

    private static let script = """
        umask 077
        quiet() { "$@" 2>/dev/null; }
        key() { quiet "$openssl" ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
        openssl=$1
        for ca in ca other; do
            key $ca
            quiet "$openssl" req -x509 -new -key $ca.key -days 2 -subj "/CN=$ca" -out $ca.pem
        done
        printf 'subjectAltName=IP:127.0.0.1' > names
        issue() {
            key $1
            quiet "$openssl" req -new -key $1.key -subj "/CN=$2" -out $1.csr
            quiet "$openssl" x509 -req -in $1.csr -CA $3.pem -CAkey $3.key -CAcreateserial -days 2 -extfile names -out $1.pem
        }
        issue server server ca
        issue client assay ca
        issue stranger assay other
        """
}
