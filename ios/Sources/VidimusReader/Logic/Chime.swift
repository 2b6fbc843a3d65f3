import Foundation
import VidimusApp

/// A short sound for a verdict: an officer looks at the driver, and not at the phone. Two notes that
/// rise for what is good, one that is said twice for what needs a closer look, two that fall for what
/// is bad. They are made here, so that no file of sounds is anyone's.
enum Chime {
    /// A note, by its pitch and its length.
    struct Note: Hashable {
        let hertz: Double
        let seconds: Double
    }

    /// Samples a second.
    static let rate = 22_050
    /// How loud it is, of what a sample can say.
    private static let volume = 0.5
    /// So long each note comes and goes: without it a loudspeaker clicks.
    private static let edge = 0.012

    static func notes(of tone: Tone) -> [Note] {
        switch tone {
        case .good: [Note(hertz: 660, seconds: 0.12), Note(hertz: 880, seconds: 0.2)]
        case .caution, .unknown: [Note(hertz: 587, seconds: 0.14), Note(hertz: 587, seconds: 0.14)]
        case .bad: [Note(hertz: 330, seconds: 0.18), Note(hertz: 220, seconds: 0.34)]
        }
    }

    /// The sound as a file of 16-bit samples of one channel: a WAV.
    static func wave(of tone: Tone) -> Data {
        let samples = notes(of: tone).flatMap(samples)
        var file = Data("RIFF".utf8)
        file.append(little: UInt32(36 + 2 * samples.count))
        file.append(Data("WAVEfmt ".utf8))
        file.append(little: UInt32(16))
        // PCM, one channel, and how many bytes a second and a sample have.
        file.append(little: UInt16(1))
        file.append(little: UInt16(1))
        file.append(little: UInt32(rate))
        file.append(little: UInt32(2 * rate))
        file.append(little: UInt16(2))
        file.append(little: UInt16(16))
        file.append(Data("data".utf8))
        file.append(little: UInt32(2 * samples.count))
        for sample in samples { file.append(little: UInt16(bitPattern: sample)) }
        return file
    }

    private static func samples(of note: Note) -> [Int16] {
        let count = Int(note.seconds * Double(rate))
        return (0..<count).map { index in
            let at = Double(index) / Double(rate)
            let end = Double(count - 1 - index) / Double(rate)
            let swell = min(1, at / edge, end / edge)
            return Int16(volume * swell * Double(Int16.max) * sin(2 * .pi * note.hertz * at))
        }
    }
}

extension Data {
    /// The bytes of a number, the lowest first.
    fileprivate mutating func append(little number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
