import Foundation

/// Its own disk, in memory, that can be full. Mounting one takes the rights of root.
final class SmallDisk {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "vidimus-disk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        try Self.run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder.path)
    }

    /// Leaves no byte free.
    func fill() throws {
        let filling = folder.appending(path: "filling")
        try Data().write(to: filling)
        let handle = try FileHandle(forWritingTo: filling)
        let block = Data(count: 4_096)
        // It ends when nothing more can be written.
        while (try? handle.write(contentsOf: block)) != nil {}
        try? handle.close()
    }

    deinit {
        try? Self.run("umount", folder.path)
        try? FileManager.default.removeItem(at: folder)
    }

    /// Whether this process may mount one.
    static var isAllowed: Bool { geteuid() == 0 && (try? SmallDisk()) != nil }

    private static func run(_ words: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw NotAllowed() }
    }

    struct NotAllowed: Error {}
}
