#if canImport(UIKit)
import AVFoundation
import VidimusApp

/// Plays the sound of a verdict, where the phone is not silenced; what else the phone plays goes on.
@MainActor final class ChimePlayer {
    /// A sound ends with its player.
    private var player: AVAudioPlayer?

    func play(_ tone: Tone) {
        try? AVAudioSession.sharedInstance().setCategory(.ambient)
        player = try? AVAudioPlayer(data: Chime.wave(of: tone))
        player?.play()
    }
}
#endif
