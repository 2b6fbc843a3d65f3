import Foundation

/// What is kept of the app for when the system has ended it, and it is started again: a file of at
/// most 8 KiB, sealed by the core.
///
/// Not the scene's own storage (`@SceneStorage`): the system chooses when it writes that, while the
/// core is told when its state is kept, and Apple advises against personal data there. The file
/// goes with the folder of the wallet, out of every backup, and can be read on an unlocked phone
/// only. So it is read when the app is first seen, or a link brings it to the screen, and never for
/// a scene that begins in the background: what could not be read would be replaced later.
public struct SavedState: Sendable {
    private let file: URL

    init(file: URL) {
        self.file = file
    }

    /// What was kept last; `nil` where there is nothing, or nothing that can be read now.
    public func read() -> Data? {
        try? Data(contentsOf: file)
    }

    /// Keeps this in place of what was there; `nil` for nothing. Where that fails what was there
    /// stays: it counts for nothing once it is old.
    public func keep(_ saved: Data?) {
        if let saved {
            try? saved.write(to: file, options: [.atomic, .completeFileProtection])
        } else {
            try? FileManager.default.removeItem(at: file)
        }
    }
}
