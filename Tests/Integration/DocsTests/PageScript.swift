import Foundation

/// The commands of a page as one script, with the files it shows written where they stand.
struct PageScript {
    let steps: [ConsoleStep]
    private let text: String
    private let folder: URL

    /// - Parameter folder: where the commands are run.
    init(_ page: MarkdownPage, in folder: URL) throws {
        self.folder = folder
        var steps: [ConsoleStep] = []
        // The status of a command is that which the next one sees.
        var lines = ["trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT", "cd page", "status=0"]
        for (index, block) in page.blocks.enumerated() {
            if let file = block.file {
                let copy = folder.appendingPathComponent("file-\(index)")
                try Data(block.text.utf8).write(to: copy)
                lines.append("mkdir -p \"$(dirname '\(file)')\" && cp ../file-\(index) '\(file)'")
            }
            guard block.language == "console" else { continue }
            for step in ConsoleStep.all(of: block) {
                steps.append(step)
                lines += ["printf '%s\\n' '\(Self.mark)'", "(exit $status)", step.command, "status=$?"]
            }
        }
        self.steps = steps
        text = (lines + ["printf '%s\\n' '\(Self.mark)'", ""]).joined(separator: "\n")
    }

    /// The answer to each command.
    func run() async throws -> [String] {
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("page"),
            withIntermediateDirectories: true
        )
        let script = folder.appendingPathComponent("script")
        try Data(text.utf8).write(to: script)
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = ProgramRun.assay.deletingLastPathComponent().path + ":" + (environment["PATH"] ?? "")
        // The ports of the page are its own where the machine allows that.
        let command = """
            isolated() { unshare --user --map-root-user --net true 2>/dev/null && command -v ip >/dev/null; }
            exec >output 2>&1 </dev/null
            if isolated; then
              exec timeout 240 unshare --user --map-root-user --net bash -c 'ip link set lo up; exec bash script'
            fi
            exec timeout 240 bash script
            """
        _ = try await ProgramRun.run(
            URL(fileURLWithPath: "/bin/bash"),
            ["-c", command],
            environment: environment,
            in: folder
        )
        let output = try String(contentsOf: folder.appendingPathComponent("output"), encoding: .utf8)
        return Array(output.components(separatedBy: Self.mark + "\n").dropFirst().dropLast())
    }

    private static let mark = "@@ next @@"
}
