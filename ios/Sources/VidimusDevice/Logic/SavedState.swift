import Foundation

/// What is kept of the app for when the system has ended it, and it is started again: a file of at most 8 KiB, sealed by the
/// core.
///
/// Not the scene's own storage (`@SceneStorage`): the app begins before a scene has its storage back, and the system writes
/// that at a time of its own, while the core is told when its state is kept. The file can be read on an unlocked phone only,
/// which is where the app is seen, and goes with the folder of the wallet, out of every backup.
public struct SavedState: Sendable {
    private let file: URL

    init(file: URL) {
        self.file = file
    }

    /// What was kept last; `nil` where there is nothing, or nothing that can be read now.
    public func read() -> Data? {
        try? Data(contentsOf: file)
    }

    /// Keeps this in place of what was there. Where that fails what was there stays: it counts for nothing once it is old.
    public func keep(_ saved: Data) {
        try? saved.write(to: file, options: [.atomic, .completeFileProtection])
    }
}
